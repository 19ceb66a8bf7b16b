import * as k8s from "@pulumi/kubernetes";

// No policy isolates this namespace: every pod of the cluster reaches every pod in it.
const shop = new k8s.core.v1.Namespace("shop", { metadata: { name: "blocked-shop" } });
const namespace = shop.metadata.name;
const labels = { app: "web" };

new k8s.apps.v1.Deployment("web", {
  metadata: { namespace },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [{ name: "web", image: "nginx:1.29", ports: [{ name: "http", containerPort: 80 }] }],
      },
    },
  },
});

// A NodePort opens the Service on every node, past Ingress, TLS and load balancer.
new k8s.core.v1.Service("web", {
  metadata: { namespace },
  spec: { type: "NodePort", selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
});
