/** A small cluster: a shop with default-deny and both sides of each flow, and the cluster's DNS, which has ingress rules. */
export const shop = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Namespace
metadata: { name: empty }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api-gateway, namespace: shop }
spec: { template: { metadata: { labels: { app: api-gateway } } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api-backend, namespace: shop }
spec:
  template:
    metadata: { labels: { app: api-backend } }
    spec: { containers: [{ name: c, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Pod
metadata:
  name: postgres-0
  namespace: shop
  labels: { app: postgres, statefulset.kubernetes.io/pod-name: postgres-0 }
  ownerReferences: [{ kind: StatefulSet, name: postgres, controller: true }]
spec: { containers: [{ name: c, ports: [{ name: pg, containerPort: 5432 }] }] }
status: { podIP: 10.244.0.5 }
---
apiVersion: v1
kind: Service
metadata: { name: backend, namespace: shop }
spec: { clusterIP: 10.96.0.7, selector: { app: api-backend }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: coredns, namespace: kube-system }
spec:
  template:
    metadata: { labels: { k8s-app: kube-dns } }
    spec: { containers: [{ name: c, ports: [{ name: dns, containerPort: 53, protocol: UDP }] }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dns, namespace: kube-system }
spec:
  podSelector: { matchLabels: { k8s-app: kube-dns } }
  ingress:
    - { from: [{ namespaceSelector: {} }], ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny-all, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-dns, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api-backend } }
  policyTypes: [Egress]
  egress:
    - to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: {} }]
      ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-api-gateway, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api-gateway } }
  policyTypes: [Egress]
  egress: [{ to: [{ podSelector: { matchLabels: { app: api-backend } } }], ports: [{ port: 8080 }] }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-api-backend, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api-backend } }
  policyTypes: [Ingress, Egress]
  ingress: [{ from: [{ podSelector: { matchLabels: { app: api-gateway } } }], ports: [{ port: http }] }]
  egress:
    - { to: [{ podSelector: { matchLabels: { app: postgres } } }], ports: [{ port: 5432 }] }
    - { to: [{ ipBlock: { cidr: 203.0.113.0/24, except: [203.0.113.128/26] } }], ports: [{ port: 443 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-postgres, namespace: shop }
spec:
  podSelector: { matchLabels: { app: postgres } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: api-backend } } }], ports: [{ port: pg }] }]
`;
