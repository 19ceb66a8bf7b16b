module cluster-network/toolchain/gateway-api-crds-1.1

go 1.25.0

require sigs.k8s.io/gateway-api v1.1.0
