// Written by `npm run chart-keys`; what the lines mean stands in chart-keys.ts.
/** The charts that it was made from. */
export const chartsRead =
  "1.14.0 1.14.1 1.14.2 1.14.3 1.14.4 1.14.5 1.14.6 1.14.7 1.14.8 1.14.9 1.14.10 1.14.11 1.14.12 1.14.13 1.14.14 1.14.15 1.14.16 1.14.17 1.14.18 1.14.19 1.15.0 1.15.1 1.15.2 1.15.3 1.15.4 1.15.5 1.15.6 1.15.7 1.15.8 1.15.9 1.15.10 1.15.11 1.15.12 1.15.13 1.15.14 1.15.15 1.15.16 1.15.17 1.15.18 1.15.19 1.16.0 1.16.1 1.16.2 1.16.3 1.16.4 1.16.5 1.16.6 1.16.7 1.16.8 1.16.9 1.16.10 1.16.11 1.16.12 1.16.13 1.16.15 1.16.16 1.16.17 1.16.18 1.16.19 1.17.0 1.17.1 1.17.2 1.17.3 1.17.4 1.17.5 1.17.6 1.17.7 1.17.8 1.17.9 1.17.10 1.17.11 1.17.12 1.17.13 1.17.14 1.17.15 1.17.16 1.17.17 1.17.18 1.18.0 1.18.1 1.18.2 1.18.3 1.18.4 1.18.5 1.18.6 1.18.7 1.18.8 1.18.9 1.18.10 1.18.11 1.18.12 1.19.0 1.19.1 1.19.2 1.19.3 1.19.4 1.19.5 1.19.6 1.20.0 1.20.2";

export const chartKeysTable = String.raw`
MTU int=0
affinity map
agent bool=true
agentNotReadyTaintKey str="node.cilium.io/agent-not-ready"
aksbyocni obj
 enabled bool=false
alibabacloud obj
 enabled bool=false
 nodeSpec - @19 obj
  securityGroupTags list
  securityGroups list
  vSwitchTags list
  vSwitches list
annotateK8sNode bool=false
annotations - @15 map
apiRateLimit - @15 null|str
authentication obj
 enabled bool=true @19 bool=false
 gcInterval str="5m0s"
 mutual obj
  connectTimeout - @15 str="5s"
  port int=4250
  spire obj
   adminSocketPath str="/run/spire/sockets/admin.sock"
   agentSocketPath str="/run/spire/sockets/agent/agent.sock"
   annotations - @15 map
   connectionTimeout str="30s"
   enabled bool=false
   install obj
    agent obj
     affinity - @14.5 map
     annotations map
     image str @15 obj
      digest - @15 str
      override - @15 null|str
      pullPolicy - @15 str
      repository - @15 str="ghcr.io/spiffe/spire-agent"
      tag - @15 str="1.8.5" @16 str="1.9.6" @18 str="1.12.4" @19 str="1.9.6" @20 str="1.15.2" @20.2 str="1.15.3"
      useDigest - @15 bool
     labels map
     nodeSelector - @14.5 map
     podSecurityContext - @14.5 map
     priorityClassName - @17 str=""
     resources - @17 map
     securityContext - @14.5 map
     serviceAccount obj
      create bool=true
      name str="spire-agent"
     skipKubeletVerification bool=true
     tolerations - @14.4 list
    enabled bool=true
    existingNamespace - @15 bool=false
    initImage - @15 obj
     digest str
     override null|str
     pullPolicy str
     repository str="docker.io/library/busybox"
     tag str="1.36.1" @17 str="1.37.0" @20 str="1.38.0"
     useDigest bool
    namespace str="cilium-spire"
    server obj
     affinity - @14.4 map
     annotations map
     ca obj
      keyType str="rsa-4096"
      subject obj
       commonName str="Cilium\u0020SPIRE\u0020CA"
       country str="US"
       organization str="SPIRE"
     dataStorage obj
      accessMode str="ReadWriteOnce"
      enabled bool=true
      size str="1Gi"
      storageClass null|str
     image str @15 obj
      digest - @15 str
      override - @15 null|str
      pullPolicy - @15 str
      repository - @15 str="ghcr.io/spiffe/spire-server"
      tag - @15 str="1.8.5" @16 str="1.9.6" @18 str="1.12.4" @19 str="1.9.6" @20 str="1.15.2" @20.2 str="1.15.3"
      useDigest - @15 bool
     initContainers list
     labels map
     nodeSelector - @14.4 map
     podSecurityContext - @15 map
     priorityClassName - @17 str=""
     resources - @17 map
     securityContext - @15 map
     service obj
      annotations map
      labels map
      type str="ClusterIP"
     serviceAccount obj
      create bool=true
      name str="spire-server"
     tolerations - @14.4 list
   serverAddress null|str
   trustDomain str="spiffe.cilium"
 queueSize int=1024
 rotatedIdentitiesQueueSize int=1024
autoDirectNodeRoutes bool|str=false
azure obj
 clientID any
 clientSecret any
 enabled bool=false
 nodeSpec - @19 obj
  azureInterfaceName str=""
 resourceGroup any
 subscriptionID any
 tenantID any
 usePrimaryAddress bool
 userAssignedIdentityID any
bandwidthManager obj
 bbr bool=false
 bbrHostNamespaceOnly - @18 bool=false
 enabled bool=false
bgp obj @17 -
 announce obj
  loadbalancerIP bool=false
  podCIDR bool=false
 enabled bool=false
bgpControlPlane obj
 enabled bool=false
 legacyOriginAttribute - @18.2 obj
  enabled bool=false
 routerIDAllocation - @18 obj
  ipPool str=""
  mode str="default"
 secretsNamespace - @15 obj
  create bool=false
  name str="kube-system"
 statusReport - @17 obj
  enabled bool=true
bpf obj
 authMapMax int|null
 autoMount obj
  enabled bool=true
 ctAccounting - @17 bool=false
 ctAnyMax int|null
 ctTcpMax int|null
 datapathMode - @16 str="veth"
 disableExternalIPMitigation - @16 bool=false
 distributedLRU - @17.2 obj
  enabled bool=false
 enableTCX - @16 bool=true
 events - @16 obj
  default - @17 obj
   burstLimit null @17.7 int|null
   rateLimit null @17.7 int|null
  drop obj
   enabled bool=true
  policyVerdict obj
   enabled bool=true
  trace obj
   enabled bool=true
 hostLegacyRouting bool|null
 lbAlgorithmAnnotation - @17 bool=false
 lbExternalClusterIP bool=false
 lbMapMax int|null=65536
 lbModeAnnotation - @17 bool=false
 lbSourceRangeAllTypes - @17 bool=false
 mapDynamicSizeRatio null|num @17.5 null|num|str
 masquerade bool|null
 monitorAggregation str="medium"
 monitorFlags str="all"
 monitorInterval str="5s"
 monitorTraceIPOption - @19 int|null=0
 natMax int|null
 neighMax int|null
 nodeMapMax - @15.4 int|null
 policyMapMax int|null=16384
 policyMapPressureMetricsThreshold - @19 null|num
 policyStatsMapMax - @18 int|null=65536
 preallocateMaps bool=false
 root str="/sys/fs/bpf"
 tproxy bool|null
 vlanBypass list|null
bpfClockProbe bool=false
certgen obj
 affinity - @15 map
 annotations obj
  cronJob map
  job map
 cronJob - @19 obj
  failedJobsHistoryLimit int=1
  successfulJobsHistoryLimit int=3
 enforceCAValidityThroughoutLeavesDuration - @20 bool=true
 extraVolumeMounts list
 extraVolumes list
 generateCA - @17 bool=true
 image obj
  digest str
  override null|str
  pullPolicy str
  repository str="quay.io/cilium/certgen"
  tag str="v0.1.8" @14.2 str="v0.1.9" @14.10 str="v0.1.11" @14.11 str="v0.1.12" @14.13 str="v0.1.13" @14.14 str="v0.1.14" @14.16 str="v0.1.15" @14.19 str="v0.1.16" @15 str="v0.1.9" @15.4 str="v0.1.11" @15.5 str="v0.1.12" @15.7 str="v0.1.13" @15.8 str="v0.1.14" @15.10 str="v0.1.15" @15.13 str="v0.1.16" @15.14 str="v0.1.17" @15.18 str="v0.1.19" @16 str="v0.2.0" @16.17 str="v0.2.4" @16.18 str="v0.3.1" @17 str="v0.2.1" @17.11 str="v0.3.1" @17.13 str="v0.3.2" @17.14 str="v0.4.1" @17.16 str="v0.4.3" @17.17 str="v0.4.5" @17.18 str="v0.4.6" @18 str="v0.2.4" @18.5 str="v0.3.1" @18.7 str="v0.3.2" @18.8 str="v0.4.1" @18.10 str="v0.4.3" @18.11 str="v0.4.5" @18.12 str="v0.4.6" @19 str="v0.3.2" @19.2 str="v0.4.1" @19.4 str="v0.4.3" @19.5 str="v0.4.5" @19.6 str="v0.4.6" @20 str="v0.4.8" @20.2 str="v0.4.11"
  useDigest bool
 nodeSelector - @17 map
 podLabels map
 priorityClassName - @17 str=""
 resources - @18 map
 tolerations list
 ttlSecondsAfterFinished int=1800 @19 int|null
cgroup obj
 autoMount obj
  enabled bool=true
  resources map
 hostRoot str="/run/cilium/cgroupv2"
ciliumEndpointSlice - @16 obj
 enabled bool=false
 rateLimits list
 sliceMode - @17 "identity"|"fcfs"="identity" @18 -
cleanBpfState bool=false
cleanState bool=false
cluster obj
 id int=0
 name str="default"
clusterHealthPort any
clustermesh obj
 annotations - @15 map
 apiserver obj
  affinity map
  etcd obj
   image obj @15 -
    digest str
    override any
    pullPolicy str
    repository str="quay.io/coreos/etcd"
    tag str="v3.5.4"
    useDigest bool
   init obj
    extraArgs - @15 list
    extraEnv - @15 list
    resources map
   lifecycle - @15 map
   resources map
   securityContext map
   storageMedium - @16 "Disk"|"Memory"="Disk"
  etcdQPS - @20 int=50
  extraArgs list
  extraEnv list
  extraVolumeMounts list
  extraVolumes list
  healthPort - @16 int=9880
  image obj
   digest str
   override null|str
   pullPolicy str
   repository str="quay.io/cilium/clustermesh-apiserver"
   tag str="v*"
   useDigest bool
  kvstoremesh obj
   enabled bool=false @16 bool=true
   etcdQPS - @20 int=100
   extraArgs list
   extraEnv list
   extraVolumeMounts list
   healthPort - @16 int=9881
   image obj @15 -
    digest str
    override any
    pullPolicy str
    repository str="quay.io/cilium/kvstoremesh"
    tag str="v*"
    useDigest bool
   kvstoreMode - @18 str="internal"
   lifecycle - @15 map
   readinessProbe - @16 map
   resources map
   securityContext map
  lifecycle - @15 map
  metrics obj
   enabled bool=true
   etcd obj
    enabled bool=false @15 bool=true
    mode str="basic"
    port int=9963
   kvstoremesh obj
    enabled bool=true
    port int=9964
   port int=9962
   serviceMonitor obj
    annotations map
    enabled bool=false
    etcd obj
     interval str="10s"
     metricRelabelings list|null
     relabelings list|null
     scrapeTimeout - @18 null|str
    interval str="10s"
    kvstoremesh obj
     interval str="10s"
     metricRelabelings list|null
     relabelings list|null
     scrapeTimeout - @18 null|str
    labels map
    metricRelabelings list|null
    namespace any
    relabelings list|null
    scrapeTimeout - @18 null|str
  nodeSelector map
  podAnnotations map
  podDisruptionBudget obj
   enabled bool=false
   maxUnavailable int|null|str=1
   minAvailable int|null|str
   unhealthyPodEvictionPolicy - @18 null|str
  podLabels map
  podSecurityContext map
  priorityClassName str=""
  readinessProbe - @16 map
  replicas int=1
  resources map
  securityContext map
  service obj
   annotations map
   enableSessionAffinity - @16 "HAOnly"|"Always"|"Never"="HAOnly"
   externalTrafficPolicy "Local"|"Cluster" @16 "Local"|"Cluster"="Cluster"
   externallyCreated - @19 bool=false
   internalTrafficPolicy "Local"|"Cluster" @16 "Local"|"Cluster"="Cluster"
   labels - @17.5 map
   loadBalancerClass - @15.7 null|str
   loadBalancerIP null|str
   loadBalancerSourceRanges - @17 list
   nodePort int=32379
   type str="NodePort"
  terminationGracePeriodSeconds - @15 int=30
  tls obj
   admin obj @20 -
    cert str=""
    key str=""
   authMode str="legacy" @19 str="migration"
   auto obj
    certManagerIssuerRef map
    certValidityDuration int=1095 @20 int=365
    enabled bool=true
    method str="helm"
    privateKey - @20 map
    schedule str @20 str="0\u00200\u00201\u0020*/4\u0020*"
    server - @20 obj
     extraDnsNames list
     extraIpAddresses list
    subject - @20 map
   ca obj @15 -
    cert str=""
    key str=""
   client obj @19 -
    cert str=""
    key str=""
   enableSecrets - @16 bool=true @20 -
   remote obj @20 -
    cert str=""
    key str=""
   server obj
    cert str="" @20 -
    extraDnsNames list
    extraIpAddresses list
    key str="" @20 -
  tolerations list
  topologySpreadConstraints list
  updateStrategy map
 cacheTTL - @19 str="0s"
 config obj
  clusters list @19 list|map
  domain str="mesh.cilium.io"
  enabled bool=false
 defaultGlobalNamespace - @20 bool=true
 disableKubernetesHostAliases - @20 any
 enableEndpointSliceSynchronization - @16 bool=false
 enableMCSAPISupport - @16 bool=false @20 -
 maxConnectedClusters - @15 int=255
 mcsapi - @19 obj
  corednsAutoConfigure obj
   affinity map
   annotations map
   coredns obj
    clusterDomain str="cluster.local"
    clustersetDomain str="clusterset.local"
    configMapName str="coredns"
    deploymentName str="coredns"
    namespace str="kube-system"
    serviceAccountName str="coredns"
   enabled bool=false
   extraArgs list
   extraVolumeMounts list
   extraVolumes list
   nodeSelector map
   podLabels map
   priorityClassName str=""
   resources map
   tolerations list
   ttlSecondsAfterFinished int=1800
  enabled bool=false
  installCRDs bool=true
 policyDefaultLocalCluster - @18 bool=false @19 bool=true
 useAPIServer bool=false
cni obj
 binPath str="/opt/cni/bin"
 chainingMode null|str
 chainingTarget null|str
 confFileMountPath str="/tmp/cni-configuration"
 confPath str="/etc/cni/net.d"
 configMap str @18 str=""
 configMapKey str="cni-config"
 customConf bool=false
 enableRouteMTUForCNIChaining - @16 bool=false
 exclusive bool=true
 externalRouting - @14.5 any
 hostConfDirMountPath str="/host/etc/cni/net.d"
 install bool=true
 iptablesRemoveAWSRules - @18 bool=true
 logFile str="/var/run/cilium/cilium-cni.log"
 readCniConf any
 resources - @15 map
 uninstall bool=false
commonLabels - @17 map|null
configDriftDetection - @18.9 obj @19 - @19.3 obj
 driftChecker bool=true
 enabled bool=true
 ignoredKeys list
connectivityProbeFrequencyRatio - @18 null|num
conntrackGCInterval str=""
conntrackGCMaxInterval - @14.3 str=""
containerRuntime obj @16 -
 integration str="none"
crdWaitTimeout str=""
customCalls obj @19 -
 enabled bool=false
daemon obj
 allowedConfigOverrides null|str
 blockedConfigOverrides null|str
 configSources null|str
 enableSourceIPVerification - @17 bool|null=true
 runPath str="/var/run/cilium"
dashboards obj
 annotations map
 enabled bool=false
 label str="grafana_dashboard"
 labelValue str="1"
 namespace null|str
datapathPlugins - @20 obj
 enabled bool=false
 stateDir str="/var/run/cilium/plugins"
debug obj
 enabled bool=false
 metricsSamplingInterval - @18 null|str="5m"
 verbose null|str
defaultLBServiceIPAM - @17 str="lbipam"
devices list|null|str @20 list|null|str=""
directRoutingSkipUnreachable - @16 bool=false
disableEndpointCRD bool=false
disableEnvoyVersionCheck bool
disableIptablesFeederRules any
dnsPolicy str=""
dnsPolicyUnloadOnShutdown bool
dnsProxy obj
 dnsRejectResponseCode str="refused"
 enableDnsCompression bool=true
 enableTransparentMode - @14.6 bool
 endpointMaxIpPerHostname int=50 @17 int=1000
 idleConnectionGracePeriod str="0s"
 maxDeferredConnectionDeletes int=10000
 minTtl int=0
 preAllocateIdentities - @18 bool=true
 preCache str=""
 proxyPort int=0
 proxyResponseMaxDelay str="100ms"
 socketLingerTimeout - @14.14 int=10 @15 - @15.8 int=10
egressGateway obj
 enabled bool=false
 installRoutes bool=false @16 -
 maxPolicyEntries any
 reconciliationTriggerInterval str="1s"
egressMasqueradeInterfaces any
enableCiliumEndpointSlice bool=false @18 -
enableCnpStatusUpdates bool=false @15 -
enableCriticalPriorityClass bool=true
enableIPv4BIGTCP bool=false
enableIPv4Masquerade bool=true @18 bool|null
enableIPv6BIGTCP bool=false
enableIPv6Masquerade bool=true
enableIdentityMark bool
enableInternalTrafficPolicy - @17 bool=true
enableK8sEndpointSlice bool @19 -
enableK8sEventHandover bool=false @15 -
enableK8sTerminatingEndpoint bool=true @18 -
enableLBIPAM - @17 bool=true
enableMasqueradeRouteSource - @15 bool=false
enableNoServiceEndpointsRoutable - @19 bool=true
enableNonDefaultDenyPolicies - @17 bool=true
enableRuntimeDeviceDetection bool=false @16 bool=true @18 -
enableTunnelBIGTCP - @19 bool=false @19.3 -
enableXTSocketFallback bool=true
encryption obj
 enabled bool=false
 interface str="" @16 -
 ipsec obj
  encryptedOverlay - @16 bool=false @20 -
  interface str=""
  keyFile str="" @16 str="keys"
  keyRotationDuration str="5m"
  keyWatcher bool=true
  mountPath str="" @16 str="/etc/ipsec"
  secretName str="" @16 str="cilium-ipsec-keys"
 keyFile str="keys" @16 -
 mountPath str="/etc/ipsec" @16 -
 nodeEncryption bool=false
 secretName str="cilium-ipsec-keys" @16 -
 strictMode - @15 obj
  allowRemoteNodeIdentities bool=false @20 -
  cidr str="" @20 -
  egress - @19 obj
   allowRemoteNodeIdentities bool=false
   cidr str=""
   enabled bool=false
  enabled bool=false @20 -
  ingress - @19 obj
   enabled bool=false
 type str="ipsec"
 wireguard obj
  encapsulate - @14.4 any @15 -
  persistentKeepalive - @15 str="0s"
  userspaceFallback bool=false @17 -
 ztunnel - @19.2 obj
  affinity map
  annotations map
  ca - @20 obj
   type "spire"|"internal"="internal"
  caAddress str="https://localhost:15012"
  extraEnv list
  extraVolumeMounts list
  extraVolumes list
  healthPort int=15021
  image obj
   digest null|str @20 str
   override null|str
   pullPolicy str
   repository str="docker.io/istio/ztunnel" @20 str="quay.io/cilium/ztunnel"
   tag str="1.28.0-distroless" @20 str="v1.0.0"
   useDigest bool
  minReadySeconds - @20 int=0
  nodeSelector map
  podAnnotations map
  podLabels map
  priorityClassName null|str
  readinessProbe obj
   failureThreshold int=3
   initialDelaySeconds int=0
   periodSeconds int=10
  resources map
  secrets obj
   bootstrapRootCert null|str
  terminationGracePeriodSeconds int=30
  tolerations list
  updateStrategy map
endpointHealthChecking obj
 enabled bool=true
endpointLockdownOnMapOverflow - @17 bool=false
endpointPolicyUpdateTimeoutDuration - @18.9 null @19 - @19.3 null @20.2 str=""
endpointRoutes obj
 enabled bool|str=false
endpointStatus obj @16 -
 enabled bool=false
 status str=""
eni obj
 awsEnablePrefixDelegation bool=false
 awsReleaseExcessIPs bool=false
 ec2APIEndpoint str=""
 enabled bool=false
 eniTags map
 gcInterval str=""
 gcTags map
 iamRole str=""
 instanceTagsFilter list
 nodeSpec - @19 obj
  deleteOnTermination bool|null
  disablePrefixDelegation bool=false
  excludeInterfaceTags list
  firstInterfaceIndex int|null
  securityGroupTags list
  securityGroups list
  subnetIDs list
  subnetTags list
  usePrimaryAddress bool=false
 subnetIDsFilter list
 subnetTagsFilter list
 updateEC2AdapterLimitViaAPI bool=true @18 -
envoy obj
 affinity map
 annotations - @15 map
 baseID - @16 int=0
 bootstrapConfigMap - @17 null|str
 clusterMaxConnections - @19 int=1024
 clusterMaxPendingRequests - @20 int=1024
 clusterMaxRequests - @19 int=1024
 connectTimeoutSeconds int=2
 debug - @16 obj
  admin obj
   enabled bool=false
   port int=9901
 dnsPolicy null|str
 enabled bool|null=false @16 bool|null
 extraArgs list
 extraContainers list
 extraEnv list
 extraHostPathMounts list
 extraVolumeMounts list
 extraVolumes list
 healthPort int=9878
 httpRetryCount - @17 int=3
 httpUpstreamLingerTimeout - @18 null @20.2 int|null
 idleTimeoutDurationSeconds int=60
 image obj
  digest str
  override null|str
  pullPolicy str
  repository str="quay.io/cilium/cilium-envoy"
  tag str="v1.25.9-f039e2bd380b7eef2f2feea5750676bb36133699" @14.2 str="v1.25.9-e198a2824d309024cb91fb6a984445e73033291d" @14.3 str="v1.25.10-f71a313bd0daee41470af31ce6ea20c750fe35dd" @14.4 str="v1.26.6-ff0d5d3f77d610040e93c7c7a430d61a0c0b90c1" @14.5 str="v1.26.6-ad82c7c56e88989992fd25d8d67747de865c823b" @14.7 str="v1.26.7-39dc41f86c465d2a2d16386339dc0bf4d425babc" @14.8 str="v1.26.7-bbde4095997ea57ead209f56158790d47224a0f5" @14.10 str="v1.27.4-21905253931655328edaacf3cd16aeda73bbea2f" @14.11 str="v1.27.5-cffb43e4ac1fa64788a5d638ade20a3d88e18b67" @14.12 str="v1.28.4-b35188ffa1bbe54d1720d2e392779f7a48e58f6b" @14.13 str="v1.29.7-39a2a56bbd5b3a591f69dbca51d3e30ef97e0e51" @14.15 str="v1.29.9-1726784081-a90146d13b4cd7d168d573396ccf2b3db5a3b047" @14.16 str="v1.29.9-1728346947-0d05e48bfbb8c4737ec40d5781d970a550ed2bbd" @14.17 str="v1.30.7-1731393961-97edc2815e2c6a174d3d12e71731d54f5d32ea16" @14.18 str="v1.30.8-1733837904-eaae5aca0fb988583e5617170a65ac5aa51c0aa8" @14.19 str="v1.30.9-1734953328-6db0e437ba7ed2169f032ceec25922dd06e0b12b" @15 str="v1.27.2-13f6142b9c02268b10d547c8b093ef16724538e3" @15.1 str="v1.27.3-713b673cccf1af661efd75ca20532336517ddcb9" @15.2 str="v1.27.3-99c1c8f42c8de70fc8f6dd594f4a425cd38b6688" @15.4 str="v1.27.4-21905253931655328edaacf3cd16aeda73bbea2f" @15.5 str="v1.28.3-31ec52ec5f2e4d28a8e19a0bfb872fa48cf7a515" @15.6 str="v1.28.4-b35188ffa1bbe54d1720d2e392779f7a48e58f6b" @15.7 str="v1.29.7-39a2a56bbd5b3a591f69dbca51d3e30ef97e0e51" @15.9 str="v1.29.9-1726784081-a90146d13b4cd7d168d573396ccf2b3db5a3b047" @15.10 str="v1.29.9-1728346947-0d05e48bfbb8c4737ec40d5781d970a550ed2bbd" @15.11 str="v1.30.7-1731393961-97edc2815e2c6a174d3d12e71731d54f5d32ea16" @15.12 str="v1.30.8-1733837904-eaae5aca0fb988583e5617170a65ac5aa51c0aa8" @15.13 str="v1.30.9-1734953328-6db0e437ba7ed2169f032ceec25922dd06e0b12b" @15.14 str="v1.31.5-1739264036-958bef243c6c66fcfd73ca319f2eb49fff1eb2ae" @15.15 str="v1.31.5-1741765102-efed3defcc70ab5b263a0fc44c93d316b846a211" @15.16 str="v1.32.5-1744328671-a8b58b35c03a3d100a2b026fc111417207183301" @15.17 str="v1.32.6-1746661844-0f602c28cb2aa57b29078195049fb257d5b5246c" @15.18 str="v1.32.6-1749271279-0864395884b263913eac200ee2048fd985f8e626" @15.19 str="v1.33.4-1752151664-7c2edb0b44cf95f326d628b837fcdd845102ba68" @16 str="v1.29.7-39a2a56bbd5b3a591f69dbca51d3e30ef97e0e51" @16.2 str="v1.29.9-1726784081-a90146d13b4cd7d168d573396ccf2b3db5a3b047" @16.3 str="v1.29.9-1728346947-0d05e48bfbb8c4737ec40d5781d970a550ed2bbd" @16.4 str="v1.30.7-1731393961-97edc2815e2c6a174d3d12e71731d54f5d32ea16" @16.5 str="v1.30.8-1733837904-eaae5aca0fb988583e5617170a65ac5aa51c0aa8" @16.6 str="v1.30.9-1737073743-40a016d11c0d863b772961ed0168eea6fe6b10a5" @16.7 str="v1.31.5-1739264036-958bef243c6c66fcfd73ca319f2eb49fff1eb2ae" @16.8 str="v1.31.5-1741765102-efed3defcc70ab5b263a0fc44c93d316b846a211" @16.9 str="v1.32.5-1744305768-f9ddca7dcd91f7ca25a505560e655c47d3dec2cf" @16.10 str="v1.32.6-1746661844-0f602c28cb2aa57b29078195049fb257d5b5246c" @16.11 str="v1.32.6-1749271279-0864395884b263913eac200ee2048fd985f8e626" @16.12 str="v1.33.4-1752151664-7c2edb0b44cf95f326d628b837fcdd845102ba68" @16.13 str="v1.33.6-1754542786-4d9638583910acb3e34d77e436cbd745d910a437" @16.15 str="v1.33.9-1757932127-3c04e8f2f1027d106b96f8ef4a0215e81dbaaece" @16.16 str="v1.34.10-1760767433-887ebe7d6ccc2a9dc8c73f6ae4927283283b507e" @16.17 str="v1.34.10-1762597008-ff7ae7d623be00078865cff1b0672cc5d9bfc6d5" @16.18 str="v1.34.12-1765374555-6a93b0bbba8d6dc75b651cbafeedb062b2997716" @16.19 str="v1.34.12-1767177245-7935d4d711cb6f8020385a50c996b90896e16a71" @17 str="v1.31.5-1737535524-fe8efeb16a7d233bffd05af9ea53599340d3f18e" @17.1 str="v1.31.5-1739264036-958bef243c6c66fcfd73ca319f2eb49fff1eb2ae" @17.2 str="v1.31.5-1741765102-efed3defcc70ab5b263a0fc44c93d316b846a211" @17.3 str="v1.32.5-1744305768-f9ddca7dcd91f7ca25a505560e655c47d3dec2cf" @17.4 str="v1.32.6-1746661844-0f602c28cb2aa57b29078195049fb257d5b5246c" @17.5 str="v1.32.6-1749271279-0864395884b263913eac200ee2048fd985f8e626" @17.6 str="v1.33.4-1752151664-7c2edb0b44cf95f326d628b837fcdd845102ba68" @17.7 str="v1.33.6-1754542786-4d9638583910acb3e34d77e436cbd745d910a437" @17.8 str="v1.33.9-1757932127-3c04e8f2f1027d106b96f8ef4a0215e81dbaaece" @17.9 str="v1.34.10-1760767433-887ebe7d6ccc2a9dc8c73f6ae4927283283b507e" @17.11 str="v1.34.12-1765374555-6a93b0bbba8d6dc75b651cbafeedb062b2997716" @17.12 str="v1.34.12-1767177245-7935d4d711cb6f8020385a50c996b90896e16a71" @17.13 str="v1.35.9-1770554954-8ce3bb4eca04188f4a0a1bfbd0a06a40f90883de" @17.14 str="v1.35.9-1773656288-7b052e66eb2cfc5ac130ce0a5be66202a10d83be" @17.15 str="v1.36.6-1776000132-2437d2edeaf4d9b56ef279bd0d71127440c067aa" @17.16 str="v1.36.6-1778235340-b87d1e32f522b33bd51701c6476d199326f01496" @17.17 str="v1.36.8-1781157951-a7f42a3390781539911b5b9107881b35ecc4e752" @17.18 str="v1.36.9-1782267392-edeb3f2af56c37c407efa1f63f0b32f595399bbc" @18 str="v1.34.4-1753677767-266d5a01d1d55bd1d60148f991b98dac0390d363" @18.1 str="v1.34.4-1754895458-68cffdfa568b6b226d70a7ef81fc65dda3b890bf" @18.2 str="v1.34.7-1757592137-1a52bb680a956879722f48c591a2ca90f7791324" @18.3 str="v1.34.10-1761014632-c360e8557eb41011dfb5210f8fb53fed6c0b3222" @18.4 str="v1.34.10-1762597008-ff7ae7d623be00078865cff1b0672cc5d9bfc6d5" @18.5 str="v1.34.12-1765374555-6a93b0bbba8d6dc75b651cbafeedb062b2997716" @18.6 str="v1.35.9-1767794330-db497dd19e346b39d81d7b5c0dedf6c812bcc5c9" @18.7 str="v1.35.9-1770554954-8ce3bb4eca04188f4a0a1bfbd0a06a40f90883de" @18.8 str="v1.35.9-1773656288-7b052e66eb2cfc5ac130ce0a5be66202a10d83be" @18.9 str="v1.36.6-1776000132-2437d2edeaf4d9b56ef279bd0d71127440c067aa" @18.10 str="v1.36.6-1778235340-b87d1e32f522b33bd51701c6476d199326f01496" @18.11 str="v1.36.8-1781157951-a7f42a3390781539911b5b9107881b35ecc4e752" @18.12 str="v1.36.9-1782267392-edeb3f2af56c37c407efa1f63f0b32f595399bbc" @19 str="v1.35.9-1768828720-c6e4827ebca9c47af2a3a6540c563c30947bae29" @19.1 str="v1.35.9-1770979049-232ed4a26881e4ab4f766f251f258ed424fff663" @19.2 str="v1.35.9-1773656288-7b052e66eb2cfc5ac130ce0a5be66202a10d83be" @19.3 str="v1.36.6-1776000132-2437d2edeaf4d9b56ef279bd0d71127440c067aa" @19.4 str="v1.36.6-1778235340-b87d1e32f522b33bd51701c6476d199326f01496" @19.5 str="v1.36.8-1781157951-a7f42a3390781539911b5b9107881b35ecc4e752" @19.6 str="v1.36.9-1782267392-edeb3f2af56c37c407efa1f63f0b32f595399bbc" @20 str="v1.37.5-1782911245-7cffc778c923f68a77954a53b1a98d6b5353f004" @20.2 str="v1.37.6-1789133542-cbec91f666af0bf742da986d43832932dbb26b82"
  useDigest bool
 initContainers - @19 list
 initialFetchTimeoutSeconds - @16.4 int=30
 livenessProbe obj
  enabled - @18 bool=true
  failureThreshold int=10
  initialDelaySeconds - @20 int=0
  periodSeconds int=30
  timeoutSeconds - @20 int=5
 log obj
  accessLogBufferSize - @16.7 int|null=4096
  accessLogEnabled - @20 bool=true
  defaultLevel - @17 null|"trace"|"debug"|"info"|"warning"|"error"|"critical"|"off"
  format str="[%Y-%m-%d\u0020%T.%e][%t][%l][%n]\u0020[%g:%#]\u0020%v" @17 null|str="[%Y-%m-%d\u0020%T.%e][%t][%l][%n]\u0020[%g:%#]\u0020%v"
  format_json - @17 map|null
  path str=""
 maxConcurrentRetries - @17 int=128
 maxConnectionDurationSeconds int=0
 maxGlobalDownstreamConnections - @19 int=50000
 maxRequestsPerConnection int=0
 minReadySeconds - @20 int=0
 nodeLocality - @20 obj
  enabled bool=false
 nodeSelector map
 podAnnotations map
 podLabels map
 podSecurityContext map
 policyRestoreTimeoutDuration - @17.2 null|str
 priorityClassName null|str
 prometheus obj
  enabled bool=true
  port str="9964"
  serviceMonitor obj
   annotations map
   enabled bool=false
   interval str="10s"
   labels map
   metricRelabelings list|null
   namespace any
   relabelings list
   scrapeTimeout - @18 null|str
 readinessProbe obj
  failureThreshold int=3
  initialDelaySeconds - @20 int=0
  periodSeconds int=30
  timeoutSeconds - @20 int=5
 resources map
 rollOutPods bool=false
 securityContext obj
  capabilities obj
   envoy strs
   keepCapNetBindService - @16 bool=false
  privileged bool=false
  seLinuxOptions map
 startupProbe obj
  enabled - @18 bool=true
  failureThreshold int=105
  initialDelaySeconds - @20 int=5
  periodSeconds int=2
  timeoutSeconds - @20 int=5
 streamIdleTimeoutDurationSeconds - @18 int=300
 terminationGracePeriodSeconds int=1
 tolerations list
 updateStrategy map
 useOriginalSourceAddress - @19 bool=true
 xdsMode - @20 null|"split"|"ads"|"strict-ads"
 xffNumTrustedHopsL7PolicyEgress - @14.11 int=0 @15 - @15.5 int=0
 xffNumTrustedHopsL7PolicyIngress - @14.11 int=0 @15 - @15.5 int=0
envoyConfig obj
 enabled bool=false
 retryInterval - @16 str="15s"
 secretsNamespace obj
  create bool=true
  name str="cilium-secrets"
etcd obj
 affinity list|map @16 -
 annotations - @15 map @16 -
 clusterDomain str="cluster.local" @16 -
 clusterSize any @16 -
 enabled bool=false
 endpoints strs
 extraArgs list @16 -
 extraVolumeMounts list @16 -
 extraVolumes list @16 -
 image obj @16 -
  digest str
  override any
  pullPolicy str
  repository str="quay.io/cilium/cilium-etcd-operator"
  tag str="v2.0.7"
  useDigest bool
 k8sService bool=false @16 -
 managed any @16 -
 nodeSelector map @16 -
 podAnnotations map @16 -
 podDisruptionBudget obj @16 -
  enabled bool=false
  maxUnavailable int=1
  minAvailable any
 podLabels map @16 -
 podSecurityContext map @16 -
 priorityClassName str="" @16 -
 resources map @16 -
 securityContext map @16 -
 ssl bool=false
 tolerations list @16 -
 topologySpreadConstraints list @16 -
 updateStrategy map @16 -
externalIPs obj @17.6 -
 enabled bool=false
externalWorkloads obj @18 -
 enabled bool=false
extraArgs list
extraConfig map
extraContainers list
extraEnv list
extraHostPathMounts list
extraInitContainers - @16 list
extraVolumeMounts list
extraVolumes list
forceDeviceDetection - @16 bool=false
fragmentTracking bool
gatewayAPI obj
 enableAlpn - @16 bool=false
 enableAppProtocol - @16 bool=false
 enableProxyProtocol - @16 bool=false
 enabled bool=false
 externalTrafficPolicy - @16 str="Cluster"
 gatewayClass - @16 obj
  create str="auto" @20 bool|str="auto"
 hostNetwork - @16 obj
  enabled bool=false
  nodes obj
   matchLabels map
 secretsNamespace obj
  create bool=true
  name str="cilium-secrets"
  sync bool=true
 useRemoteAddress - @20 bool|null=true
 xffNumTrustedHops - @16 int=0
gke obj
 disableDefaultSnat any
 enabled bool=false
healthCheckICMPFailureThreshold - @17 int=3
healthChecking bool=true
healthPort int=9879
highScaleIPcache obj @18 -
 enabled bool=false
hostFirewall obj
 enabled bool=false
hostPort obj @18 -
 enabled bool=false
hostServices obj
 enabled any
 hostNamespaceOnly bool
 terminatePodConnections - @16 bool
 tracing - @16.4 bool
hubble obj
 annotations - @15 map
 dropEventEmitter - @16 obj
  enabled bool=false
  interval str="2m"
  reasons strs
 enabled bool=true
 eventBufferCapacity any
 eventQueueSize any
 export - @15 obj
  aggregationInterval - @19 any
  dynamic obj
   config obj
    configMapName str="cilium-flowlog-config"
    content list
    createConfigMap bool=true
   enabled bool=false
  fileCompress - @18 any
  fileMaxBackups int=5 @18 int
  fileMaxSizeMb int=10 @18 int
  static obj
   aggregationInterval - @19 str="0s"
   allowList list
   denyList list
   enabled bool=false
   fieldAggregate - @19 list
   fieldMask list
   fileCompress - @18 bool=false
   fileMaxBackups - @18 int=5
   fileMaxSizeMb - @18 int=10
   filePath str="/var/run/cilium/hubble/events.log"
 hostUsers - @20 bool|null
 listenAddress str=":4244"
 lostEventSendInterval - @19 any
 metrics obj
  dashboards obj
   annotations map
   enabled bool=false
   label str="grafana_dashboard"
   labelValue str="1"
   namespace null|str
  dynamic - @17 obj
   config obj
    configMapName str="cilium-dynamic-metrics-config"
    content list
    createConfigMap bool=true
   enabled bool=false
  enableOpenMetrics bool=false
  enabled list|null
  port int=9965
  serviceAnnotations map
  serviceMonitor obj
   annotations map
   enabled bool=false
   interval str="10s"
   jobLabel - @15 str=""
   labels map
   metricRelabelings list|null
   relabelings list
   scrapeTimeout - @18 null|str
   tlsConfig - @16 map
  tls - @16 obj
   enabled bool=false
   server obj
    cert str=""
    existingSecret - @16.1 str=""
    extraDnsNames list
    extraIpAddresses list
    key str=""
    mtls obj
     enabled bool=false
     key str="ca.crt"
     name null @20.2 null|str
     useSecret bool=false
 networkPolicyCorrelation - @18 obj
  enabled bool=true
 peerService obj
  clusterDomain str="cluster.local"
  servicePort any
  targetPort int=4244
 preferIpv6 bool=false
 redact - @15 obj
  enabled bool=false
  http obj
   headers obj
    allow list
    deny list
   urlQuery bool=false
   userInfo bool=true
  kafka obj @20 -
   apiKey bool=false @15.17 bool=true @16 bool=false @16.10 bool=true @17 bool=false @17.4 bool=true
 relay obj
  affinity map
  annotations - @15 map
  dialTimeout null|str @18 -
  enabled bool=false
  extraEnv list
  extraVolumeMounts - @14.5 list
  extraVolumes - @14.5 list
  gops obj
   enabled bool=true
   port int=9893
  image obj
   digest str
   override null|str
   pullPolicy str
   repository str="quay.io/cilium/hubble-relay"
   tag str="v*"
   useDigest bool
  listenHost str=""
  listenPort str="4245"
  logOptions - @18.7 obj
   format null|str
   level null|str
  nodeSelector map
  podAnnotations map
  podDisruptionBudget obj
   enabled bool=false
   maxUnavailable int|null|str=1
   minAvailable int|null|str
   unhealthyPodEvictionPolicy - @18 null|str
  podLabels map
  podSecurityContext map
  pprof obj
   address str="localhost"
   blockProfileRate - @19 int=0
   enabled bool=false
   mutexProfileFraction - @19 int=0
   port int=6062
  priorityClassName str=""
  prometheus obj
   enabled bool=false
   port int=9966
   serviceMonitor obj
    annotations map
    enabled bool=false
    interval str="10s"
    labels map
    metricRelabelings list|null
    namespace any
    relabelings list|null
    scrapeTimeout - @18 null|str
  replicas int=1
  resources map
  retryTimeout null|str
  rollOutPods bool=false
  securityContext map
  service obj
   nodePort int=31234
   type str="ClusterIP"
  servicePort any
  sortBufferDrainTimeout null|str
  sortBufferLenMax int|null
  terminationGracePeriodSeconds int=1
  tls obj
   client obj
    cert str=""
    existingSecret - @16.1 str=""
    key str=""
   server obj
    cert str=""
    enabled bool=false
    existingSecret - @16.1 str=""
    extraDnsNames list
    extraIpAddresses list
    key str=""
    mtls bool=false
    relayName - @15 str="ui.hubble-relay.cilium.io"
  tolerations list
  topologySpreadConstraints list
  updateStrategy map
 skipUnknownCGroupIDs bool|null
 socketPath str="/var/run/cilium/hubble.sock"
 tls obj
  auto obj
   certManagerIssuerRef map
   certValidityDuration int=1095 @16.4 int=365
   enabled bool=true
   method str="helm"
   privateKey - @20 map
   schedule str="0\u00200\u00201\u0020*/4\u0020*"
   subject - @20 map
  enabled bool=true
  server obj
   cert str=""
   existingSecret - @16.1 str=""
   extraDnsNames list
   extraIpAddresses list
   key str=""
 ui obj
  affinity map
  annotations - @15 map
  backend obj
   extraEnv list
   extraVolumeMounts list
   extraVolumes list
   image obj
    digest str
    override null|str
    pullPolicy str
    repository str="quay.io/cilium/hubble-ui-backend"
    tag str="v0.12.0" @14.3 str="v0.12.1" @14.7 str="v0.13.0" @14.13 str="v0.13.1" @15 str="v0.12.3" @15.1 str="v0.13.0" @15.7 str="v0.13.1" @15.14 str="v0.13.2" @16 str="v0.13.1" @16.8 str="v0.13.2" @16.15 str="v0.13.3" @17 str="v0.13.1" @17.2 str="v0.13.2" @17.8 str="v0.13.3" @17.16 str="v0.13.5" @18 str="v0.13.2" @18.2 str="v0.13.3" @18.10 str="v0.13.5" @19 str="v0.13.3" @19.4 str="v0.13.5" @20.2 str="v0.13.6"
    useDigest bool
   livenessProbe - @15 obj @20 -
    enabled bool=false
   readinessProbe - @15 obj @20 -
    enabled bool=false
   resources map
   securityContext map
  baseUrl str="/"
  enabled bool=false
  frontend obj
   extraEnv list
   extraVolumeMounts list
   extraVolumes list
   image obj
    digest str
    override null|str
    pullPolicy str
    repository str="quay.io/cilium/hubble-ui"
    tag str="v0.12.0" @14.3 str="v0.12.1" @14.7 str="v0.13.0" @14.13 str="v0.13.1" @15 str="v0.12.3" @15.1 str="v0.13.0" @15.7 str="v0.13.1" @15.14 str="v0.13.2" @16 str="v0.13.1" @16.8 str="v0.13.2" @16.15 str="v0.13.3" @17 str="v0.13.1" @17.2 str="v0.13.2" @17.8 str="v0.13.3" @17.16 str="v0.13.5" @18 str="v0.13.2" @18.2 str="v0.13.3" @18.10 str="v0.13.5" @19 str="v0.13.3" @19.4 str="v0.13.5" @20.2 str="v0.13.6"
    useDigest bool
   resources map
   securityContext map
   server obj
    ipv6 obj
     enabled bool=true
  ingress obj
   annotations map
   className str=""
   enabled bool=false
   hosts strs
   labels map
   tls list
  labels - @17 map
  nodeSelector map
  podAnnotations map
  podDisruptionBudget obj
   enabled bool=false
   maxUnavailable int|null|str=1
   minAvailable int|null|str
   unhealthyPodEvictionPolicy - @18 null|str
  podLabels map
  priorityClassName str=""
  replicas int=1
  rollOutPods bool=false
  securityContext obj
   fsGroup int=1001
   runAsGroup int=1001
   runAsNonRoot - @20 bool=true
   runAsUser int=1001
   seccompProfile - @20 obj
    type str="RuntimeDefault"
  service obj
   annotations map
   labels - @18 map
   nodePort int=31235
   type str="ClusterIP"
  standalone obj
   enabled bool=false
   tls obj
    certsVolume map
  tls obj
   client obj
    cert str=""
    existingSecret - @16.1 str=""
    key str=""
  tmpVolume - @19 map
  tolerations list
  topologySpreadConstraints list
  updateStrategy map
identityAllocationMode str="crd"
identityChangeGracePeriod str=""
identityManagementMode - @18 "agent"|"operator"|"both"="agent"
image obj
 digest str
 override null|str
 pullPolicy str
 repository str="quay.io/cilium/cilium"
 tag str="v*"
 useDigest bool
imagePullSecrets list
ingressController obj
 default bool=false
 defaultSecretName null|str
 defaultSecretNamespace null|str
 enableProxyProtocol - @15 bool=false
 enabled bool=false
 enforceHttps bool=true
 hostNetwork - @16 obj
  enabled bool=false
  httpPort - @20 int=0
  httpsPort - @20 int=0
  nodes obj
   matchLabels map
  sharedListenerPort int=8080
  tlsPassthroughPort - @20 int=0
 ingressLBAnnotationPrefixes strs
 loadbalancerMode str="dedicated"
 secretsNamespace obj
  create bool=true
  name str="cilium-secrets"
  sync bool=true
 service obj
  allocateLoadBalancerNodePorts bool|null
  annotations map
  externalTrafficPolicy - @16 str="Cluster"
  insecureNodePort int|null
  labels map
  loadBalancerClass null|str
  loadBalancerIP null|str
  name str="cilium-ingress"
  secureNodePort int|null
  type str="LoadBalancer"
 useRemoteAddress - @20 bool|null=true
 xffNumTrustedHops - @20 int=0
initResources - @14.5 map
installNoConntrackIptablesRules bool=false
ipMasqAgent obj
 config list|map
 enabled bool=false
ipam obj
 ciliumNodeUpdateRate str="15s"
 installUplinkRoutesForDelegatedIPAM - @17 bool=false
 mode str="cluster-pool"
 multiPoolPreAllocation - @17 str=""
 nodeSpec - @19 obj
  ipamMaxAllocate int|null
  ipamMinAllocate int|null
  ipamPreAllocate int|null
  ipamStaticIPTags list
 operator obj
  autoCreateCiliumPodIPPools map
  clusterPoolIPv4MaskSize int=24
  clusterPoolIPv4PodCIDRList str|strs
  clusterPoolIPv6MaskSize int=120
  clusterPoolIPv6PodCIDRList str|strs
  externalAPILimitBurstSize int|null
  externalAPILimitQPS null|num
iptablesLockTimeout any
iptablesRandomFully bool @17 bool=false
ipv4 obj
 enabled bool=true
ipv4NativeRoutingCIDR str=""
ipv6 obj
 enabled bool=false
ipv6NativeRoutingCIDR str=""
k8s obj
 apiServerURLs - @18 null|str
 requireIPv4PodCIDR bool @16 bool=false
 requireIPv6PodCIDR bool @16 bool=false
 serviceProxyName any
k8sClientExponentialBackoff - @18 obj
 backoffBaseSeconds int=1
 backoffMaxDurationSeconds int=120
 enabled bool=true
k8sClientRateLimit obj
 burst int|null=10 @15 int|null
 operator - @17 obj
  burst int|null
  qps int|null
 qps int|null=5 @15 int|null
k8sClusterNetworkPolicy - @20 obj
 enabled bool=false
k8sNetworkPolicy obj
 enabled bool=true
k8sServiceHost str=""
k8sServiceHostRef - @18 obj
 key null|str
 name null|str
k8sServiceLookupConfigMapName - @17 null|str=""
k8sServiceLookupNamespace - @17 null|str=""
k8sServicePort int|str=""
keepDeprecatedLabels bool=false
keepDeprecatedProbes bool=false
kubeConfigPath str=""
kubeProxyReplacement bool|str @18.3 bool|str="false"
kubeProxyReplacementHealthzBindAddr str=""
l2NeighDiscovery obj
 enabled bool=true @18 bool=false
 refreshPeriod str="30s" @18 -
l2announcements obj
 enabled bool=false
 leaseDuration any
 leaseRenewDeadline any
 leaseRetryPeriod any
l2podAnnouncements obj
 enabled bool=false
 interface str="eth0" @19.5 -
 interfacePattern - @18 str @19.5 str=""
l7Proxy bool=true
labels any
livenessProbe obj
 failureThreshold int=10
 periodSeconds int=30
 requireK8sConnectivity - @16.10 bool=true @17 - @17.4 bool=false
loadBalancer obj
 acceleration str @15 str="disabled"
 algorithm any
 dsrDispatch any
 experimental - @17 bool=false @18 -
 l7 obj
  algorithm str="round_robin"
  backend str="disabled"
  ports list
 mode any
 protocolDifferentiation - @17 obj @19 -
  enabled any
 reflectorWaitTime - @20 any
 serviceTopology bool @19.2 bool=false
 standalone bool @19.5 -
localRedirectPolicies - @18 obj
 addressMatcherCIDRs list|null
 enabled bool=false
localRedirectPolicy bool=false
logOptions list|map
logSystemLoad bool=false
maglev obj
 hashSeed any
 tableSize any
minReadySeconds - @20 int=0
monitor obj
 enabled bool=false
 eventTypes any
 resources list|map
name str="cilium"
namespaceOverride - @17 null|str=""
nat - @16.1 obj
 mapStatsEntries int=32
 mapStatsInterval str="30s"
nat46x64Gateway obj
 enabled bool=false
nativeRoutingCIDRFromClusterPool - @20 bool=false
nodeIPAM - @16 obj
 enabled bool=false
nodeLabels - @18 any
nodePort obj
 addresses - @16 list|null|str
 autoProtectPortRange bool=true
 bindProtection bool=true
 directRoutingDevice any
 enableDynamicSourceLookup - @20 bool=false
 enableHealthCheck bool=true
 enableHealthCheckLoadBalancerIP - @15 bool=false
 enabled bool=false @19 -
 range any
nodeSelector map
nodeSelectorLabels - @16 bool=false
nodeinit obj
 affinity map
 annotations - @15 map
 bootstrapFile str
 enabled bool=false
 extraEnv list
 extraVolumeMounts list
 extraVolumes list
 image obj
  digest - @14.10 str @15 - @15.4 str
  override null|str
  pullPolicy str
  repository str="quay.io/cilium/startup-script"
  tag str="62093c5c233ea914bfa26a10ba41f8780d9b737f" @14.11 str="19fb149fb3d5c7a37d3edfaf10a2be3ab7386661" @14.13 str="c54c7edeab7fde4da68e59acd319ab24af242c3f" @15 str="62093c5c233ea914bfa26a10ba41f8780d9b737f" @15.5 str="19fb149fb3d5c7a37d3edfaf10a2be3ab7386661" @15.7 str="c54c7edeab7fde4da68e59acd319ab24af242c3f" @16.15 str="1755531540-60ee83e" @17 str="c54c7edeab7fde4da68e59acd319ab24af242c3f" @17.8 str="1755531540-60ee83e" @18 str="c54c7edeab7fde4da68e59acd319ab24af242c3f" @18.2 str="1755531540-60ee83e" @19 str="1763560095-8f36c34" @20 str="1782916218-36ae25f"
  useDigest - @14.10 bool @15 - @15.4 bool
 minReadySeconds - @20 int=0
 nodeSelector map
 podAnnotations map
 podLabels map
 podSecurityContext - @15.5 map
 prestop obj
  postScript str=""
  preScript str=""
 priorityClassName str=""
 reconfigureKubelet any
 removeCbrBridge any
 resources map
 revertReconfigureKubelet any
 securityContext map
 startup obj
  postScript str=""
  preScript str=""
 tolerations list
 updateStrategy map
 waitForCloudInit - @19 bool=false
nonIdempotentAnnotations - @19 list|map
operator obj
 affinity map
 annotations - @15 map
 dashboards obj
  annotations map
  enabled bool=false
  label str="grafana_dashboard"
  labelValue str="1"
  namespace null|str
 dnsPolicy str=""
 enabled bool=true
 endpointGCInterval str="5m0s"
 extraArgs list
 extraEnv list
 extraHostPathMounts list
 extraVolumeMounts list
 extraVolumes list
 hostNetwork - @16 bool=true
 hostUsers - @20 bool=true
 identityGCInterval str="15m0s"
 identityHeartbeatTimeout str="30m0s"
 image obj
  alibabacloudDigest str
  awsDigest str
  azureDigest str
  genericDigest str
  override null|str
  pullPolicy str
  repository str="quay.io/cilium/operator"
  suffix str=""
  tag str="v*"
  useDigest bool
 nodeGCInterval str="5m0s"
 nodeSelector map
 podAnnotations map
 podDisruptionBudget obj
  enabled bool=false
  maxUnavailable int|null|str=1
  minAvailable int|null|str
  unhealthyPodEvictionPolicy - @18 null|str
 podLabels map
 podSecurityContext map
 pprof obj
  address str="localhost"
  blockProfileRate - @19 int=0
  enabled bool=false
  mutexProfileFraction - @19 int=0
  port int=6061
 priorityClassName str=""
 prometheus obj
  enabled bool=false @15 bool=true
  metricsService - @17 bool=false
  port int=9963
  serviceMonitor obj
   annotations map
   enabled bool=false
   interval str="10s"
   jobLabel - @15 str=""
   labels map
   metricRelabelings list|null
   namespace any
   relabelings list|null
   scrapeTimeout - @18 null|str
  tls - @19 obj
   enabled bool=false
   server obj
    existingSecret str=""
    mtls obj
     enabled bool=false
 removeNodeTaints bool=true
 replicas int=2
 resources map
 rollOutPods bool=false
 securityContext map
 setNodeNetworkStatus bool=true
 setNodeTaints bool|null
 skipCNPStatusStartupClean bool=false @16 -
 skipCRDCreation bool=false
 tolerations list @18 list|null
 topologySpreadConstraints list
 unmanagedPodWatcher obj
  intervalSeconds int=15
  restart bool=true
  selector - @19 null|str
 updateStrategy map
pmtuDiscovery obj
 enabled bool=false
 packetizationLayerPMTUDMode - @19 str="blackhole"
podAnnotations map
podLabels map
podSecurityContext map
policyAuditMode bool
policyCIDRMatchMode - @15 list|null|str
policyDenyResponse - @19 str="none"
policyEnforcementMode str="default"
pprof obj
 address str="localhost"
 blockProfileRate - @19 int=0
 enabled bool=false
 mutexProfileFraction - @19 int=0
 port int=6060
preferIpv6 - @20 bool=false
preflight obj
 affinity map
 annotations - @15 map
 enabled bool=false
 envoy - @18 obj
  image obj
   digest str
   override null|str
   pullPolicy str
   repository str="quay.io/cilium/cilium-envoy"
   tag str="v1.34.4-1753677767-266d5a01d1d55bd1d60148f991b98dac0390d363" @18.1 str="v1.34.4-1754895458-68cffdfa568b6b226d70a7ef81fc65dda3b890bf" @18.2 str="v1.34.7-1757592137-1a52bb680a956879722f48c591a2ca90f7791324" @18.3 str="v1.34.10-1761014632-c360e8557eb41011dfb5210f8fb53fed6c0b3222" @18.4 str="v1.34.10-1762597008-ff7ae7d623be00078865cff1b0672cc5d9bfc6d5" @18.5 str="v1.34.12-1765374555-6a93b0bbba8d6dc75b651cbafeedb062b2997716" @18.6 str="v1.35.9-1767794330-db497dd19e346b39d81d7b5c0dedf6c812bcc5c9" @18.7 str="v1.35.9-1770554954-8ce3bb4eca04188f4a0a1bfbd0a06a40f90883de" @18.8 str="v1.35.9-1773656288-7b052e66eb2cfc5ac130ce0a5be66202a10d83be" @18.9 str="v1.36.6-1776000132-2437d2edeaf4d9b56ef279bd0d71127440c067aa" @18.10 str="v1.36.6-1778235340-b87d1e32f522b33bd51701c6476d199326f01496" @18.11 str="v1.36.8-1781157951-a7f42a3390781539911b5b9107881b35ecc4e752" @18.12 str="v1.36.9-1782267392-edeb3f2af56c37c407efa1f63f0b32f595399bbc" @19 str="v1.35.9-1768828720-c6e4827ebca9c47af2a3a6540c563c30947bae29" @19.1 str="v1.35.9-1770979049-232ed4a26881e4ab4f766f251f258ed424fff663" @19.2 str="v1.35.9-1773656288-7b052e66eb2cfc5ac130ce0a5be66202a10d83be" @19.3 str="v1.36.6-1776000132-2437d2edeaf4d9b56ef279bd0d71127440c067aa" @19.4 str="v1.36.6-1778235340-b87d1e32f522b33bd51701c6476d199326f01496" @19.5 str="v1.36.8-1781157951-a7f42a3390781539911b5b9107881b35ecc4e752" @19.6 str="v1.36.9-1782267392-edeb3f2af56c37c407efa1f63f0b32f595399bbc" @20 str="v1.37.5-1782911245-7cffc778c923f68a77954a53b1a98d6b5353f004" @20.2 str="v1.37.6-1789133542-cbec91f666af0bf742da986d43832932dbb26b82"
   useDigest bool
 extraEnv list
 extraVolumeMounts list
 extraVolumes list
 image obj
  digest str
  override null|str
  pullPolicy str
  repository str="quay.io/cilium/cilium"
  tag str="v*"
  useDigest bool
 nodeSelector map
 podAnnotations map
 podDisruptionBudget obj
  enabled bool=false
  maxUnavailable int|null|str=1
  minAvailable int|null|str
  unhealthyPodEvictionPolicy - @18 null|str
 podLabels map
 podSecurityContext map
 priorityClassName str=""
 readinessProbe - @16 obj
  initialDelaySeconds int=5
  periodSeconds int=5
 resources map
 securityContext map
 terminationGracePeriodSeconds int=1
 tofqdnsPreCache str="" @20 -
 tolerations list
 updateStrategy obj
  type str="RollingUpdate"
 validateCNPs bool=true
priorityClassName str=""
prometheus obj
 controllerGroupMetrics - @15 strs
 enabled bool=false
 metrics list|null
 metricsService - @17 bool=false
 port int=9962
 serviceMonitor obj
  annotations map
  enabled bool=false
  interval str="10s"
  jobLabel - @15 str=""
  labels map
  metricRelabelings list|null
  namespace any
  relabelings list
  scrapeTimeout - @18 null|str
  trustCRDsExist bool=false
proxy obj @16 -
 prometheus obj
  enabled bool=true
  port any
 sidecarImageRegex str="cilium/istio_proxy"
rbac obj
 create bool=true
readinessProbe obj
 failureThreshold int=3
 periodSeconds int=30
remoteNodeIdentity bool=true @16 -
resourceQuotas obj
 cilium obj
  hard obj
   pods str="10k"
 enabled bool=false
 operator obj
  hard obj
   pods str="15"
resources map
rollOutCiliumPods bool=false
routingMode str=""
scheduling - @17 obj
 mode "anti-affinity"|"kube-scheduler"="anti-affinity"
sctp obj
 enabled bool=false
secretsNamespaceAnnotations - @18 map
secretsNamespaceLabels - @19 map
securityContext obj
 allowPrivilegeEscalation - @18 bool=false
 capabilities obj
  applySysctlOverwrites strs
  ciliumAgent strs
  cleanCiliumState strs
  mountCgroup strs
 privileged bool=false
 seLinuxOptions map
serviceAccounts obj
 cilium obj
  annotations map
  automount bool=true
  create bool=true
  name str="cilium"
 clustermeshApiserver obj
  annotations map
  automount bool=true
  create bool=true
  name str="clustermesh-apiserver"
 clustermeshcertgen obj
  annotations map
  automount bool=true
  create bool=true
  name str="clustermesh-apiserver-generate-certs"
 corednsMCSAPI - @19 obj
  annotations map
  automount bool=true
  create bool=true
  name str="cilium-coredns-mcsapi-autoconfig"
 envoy obj
  annotations map
  automount bool=true
  create bool=true
  name str="cilium-envoy"
 etcd obj @16 -
  annotations map
  automount bool=true
  create bool=true
  name str="cilium-etcd-operator"
 hubblecertgen obj
  annotations map
  automount bool=true
  create bool=true
  name str="hubble-generate-certs"
 nodeinit obj
  annotations map
  automount bool=true
  create bool=true
  enabled bool=false
  name str="cilium-nodeinit"
 operator obj
  annotations map
  automount bool=true
  create bool=true
  name str="cilium-operator"
 preflight obj
  annotations map
  automount bool=true
  create bool=true
  name str="cilium-pre-flight"
 relay obj
  annotations map
  automount bool=false
  create bool=true
  name str="hubble-relay"
 ui obj
  annotations map
  automount bool=true
  create bool=true
  name str="hubble-ui"
 ztunnel - @19.2 obj
  annotations map
  automount bool=false
  create bool=true
  name str="ztunnel-cilium"
serviceNoBackendResponse - @15 str="reject"
sessionAffinity bool @19 -
sleepAfterInit bool=false
socketLB obj
 enabled bool=false
 hostNamespaceOnly bool
 terminatePodConnections - @16 bool
 tracing - @16.4 bool
standaloneDnsProxy - @19 obj
 annotations map
 automountServiceAccountToken bool=false
 debug bool=false
 enabled bool=false
 image obj
  digest str
  override null|str
  pullPolicy str
  repository str=""
  tag str=""
  useDigest bool
 minReadySeconds - @20 int=5
 nodeSelector map
 rollOutPods bool=false
 serverPort int=10095
 tolerations list
 updateStrategy map
startupProbe obj
 failureThreshold int=105 @18 int=300
 periodSeconds int=2
svcSourceRangeCheck bool=true @19 -
synchronizeK8sNodes bool=true
sysctlfix - @14.13 obj @15 - @15.7 obj
 enabled bool=true
terminationGracePeriodSeconds int=1
tls obj
 ca obj
  cert str=""
  certValidityDuration int=1095
  key str=""
 caBundle obj
  content any
  enabled bool=false
  key str="ca.crt"
  name str="cilium-root-ca.crt"
  useSecret bool=false
 readSecretsOnlyFromSecretsNamespace - @17 bool|null
 secretSync - @17 obj
  enabled bool|null
 secretsBackend str="local" @17 null|str
 secretsNamespace - @17 obj
  create bool=true
  name str="cilium-secrets"
tmpVolume - @19 map
tolerations list
tunnel str="" @15 -
tunnelPort int=0
tunnelProtocol str=""
tunnelSourcePortRange - @17.2 str="0-0"
underlayProtocol - @18 str=""
updateStrategy map
upgradeCompatibility null|str
vtep obj
 cidr str=""
 enabled bool=false
 endpoint str=""
 mac str=""
 mask str=""
waitForKubeProxy bool=false
wellKnownIdentities obj
 enabled bool=false
`;
