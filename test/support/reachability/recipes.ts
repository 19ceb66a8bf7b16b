/**
 * The well-known recipes for NetworkPolicies, in our words. Facts from
 * https://github.com/ahmetb/kubernetes-network-policy-recipes, by the number of each; after them, what they leave out
 * of the rules of https://kubernetes.io/docs/concepts/services-networking/network-policies/.
 */
import { allow, deny, of, policy, type PolicyCase, policyCase } from "./policy-case.ts";

const web = of({ app: "web" });
const internet = "93.184.216.34";
const dns = [
  { port: 53, protocol: "UDP" },
  { port: 53, protocol: "TCP" },
] as const;
const pods = {
  "default/web": { labels: { app: "web" } },
  "default/client": { labels: { run: "test-1" } },
  "default/foo": { labels: { app: "foo" } },
  "default/api": { labels: { app: "bookstore", role: "api" } },
  "default/frontend": { labels: { app: "bookstore", role: "frontend" } },
  "default/db": { labels: { app: "bookstore", role: "db" } },
  "default/search": { labels: { app: "bookstore", role: "search" } },
  "default/catalog": { labels: { app: "inventory", role: "web" } },
  "default/apiserver": {
    labels: { app: "apiserver" },
    ports: [
      { name: "api-port", port: 5000, protocol: "TCP" },
      { name: "http", port: 8000, protocol: "TCP" },
    ],
  },
  "default/monitoring": { labels: { role: "monitoring" } },
  "other/monitoring": { labels: { type: "monitoring" } },
  "other/client": { labels: { run: "test-2" } },
  "dev/client": { labels: { run: "test-3" } },
  "prod/client": { labels: { run: "test-4" } },
} as const;
const namespaces = {
  other: { team: "operations" },
  dev: { purpose: "testing" },
  prod: { purpose: "production" },
};
const recipe = (
  title: string,
  policies: Parameters<typeof policyCase>[0]["policies"],
  matrices: Parameters<typeof policyCase>[0]["matrices"],
): PolicyCase => policyCase({ title, namespaces, pods, policies, matrices });

export const recipes: readonly PolicyCase[] = [
  recipe("01 no traffic to an application", [policy("default", { podSelector: web, ingress: deny })], {
    "TCP 80": ["default/web .+++", "default/client -.++", "other/client -+.+", `${internet} -++.`],
  }),
  recipe(
    "02 limited traffic to an application",
    [
      policy("default", {
        podSelector: of({ app: "bookstore", role: "api" }),
        ingress: [{ from: [{ podSelector: of({ app: "bookstore" }) }] }],
      }),
    ],
    { "TCP 80": ["default/api .++", "default/frontend +.+", "default/client -+."] },
  ),
  recipe(
    "02a all traffic to an application, whatever else denies it",
    [
      policy("default", { podSelector: web, ingress: allow }, "allow"),
      policy("default", { podSelector: web, ingress: deny }, "deny"),
    ],
    { "TCP 80": ["default/web .++", "default/client +.+", "other/client ++."] },
  ),
  recipe("03 nothing into the namespace that is not allowed", [policy("default", { ingress: deny })], {
    "TCP 80": ["default/web .-++", "default/client -.++", "other/client --.+", `${internet} --+.`],
  }),
  recipe(
    "04 no traffic from other namespaces",
    [policy("default", { podSelector: { matchLabels: null }, ingress: [{ from: [{ podSelector: {} }] }] })],
    { "TCP 80": ["default/web .+++", "default/client +.++", "other/client --.+", `${internet} --+.`] },
  ),
  recipe(
    "05 traffic from all namespaces",
    [policy("default", { podSelector: web, ingress: [{ from: [{ namespaceSelector: {} }] }] })],
    { "TCP 80": ["default/web .+++", "default/client +.++", "other/client ++.+", `${internet} -++.`] },
  ),
  recipe(
    "06 traffic from a namespace",
    [
      policy("default", {
        podSelector: web,
        ingress: [{ from: [{ namespaceSelector: of({ purpose: "production" }) }] }],
      }),
    ],
    { "TCP 80": ["default/web .+++", "default/client -.++", "dev/client -+.+", "prod/client +++."] },
  ),
  recipe(
    "07 traffic from some pods of another namespace",
    [
      policy("default", {
        podSelector: web,
        ingress: [
          {
            from: [
              { namespaceSelector: of({ team: "operations" }), podSelector: of({ type: "monitoring" }) },
            ],
          },
        ],
      }),
    ],
    {
      "TCP 80": [
        "default/web .++++",
        "default/monitoring -.+++",
        "other/monitoring ++.++",
        "other/client -++.+",
        "dev/client -+++.",
      ],
    },
  ),
  recipe("08 traffic from outside", [policy("default", { podSelector: web, ingress: [{ from: [] }] })], {
    "TCP 80": ["default/web .++", "default/client +.+", `${internet} ++.`],
  }),
  ...([5000, "api-port"] as const).map((port) =>
    recipe(
      `09 traffic to a port only (${port})`,
      [
        policy("default", {
          podSelector: of({ app: "apiserver" }),
          ingress: [{ ports: [{ port }], from: [{ podSelector: of({ role: "monitoring" }) }] }],
        }),
      ],
      {
        "TCP 5000": ["default/apiserver .++", "default/monitoring +.+", "default/client -+."],
        "TCP 8000": ["default/apiserver .++", "default/monitoring -.+", "default/client -+."],
        // The Service's port, which no policy ever sees.
        "TCP 5001": ["default/apiserver .++", "default/monitoring -.+", "default/client -+."],
      },
    ),
  ),
  recipe(
    "10 traffic from any of several selectors",
    [
      policy("default", {
        podSelector: of({ app: "bookstore", role: "db" }),
        ingress: [
          {
            from: [
              { podSelector: of({ app: "bookstore", role: "search" }) },
              { podSelector: of({ app: "bookstore", role: "api" }) },
              { podSelector: of({ app: "inventory", role: "web" }) },
            ],
          },
        ],
      }),
    ],
    {
      "TCP 6379": [
        "default/db .++++",
        "default/search +.+++",
        "default/api ++.++",
        "default/catalog +++.+",
        "default/frontend -+++.",
      ],
    },
  ),
  recipe(
    "11 no egress from an application",
    [policy("default", { podSelector: of({ app: "foo" }), egress: deny })],
    { "TCP 80": ["default/foo .--", "default/web +.+", `${internet} ++.`] },
  ),
  recipe(
    "11 no egress from an application but DNS",
    [policy("default", { podSelector: of({ app: "foo" }), egress: [{ ports: dns }] })],
    {
      "TCP 80": ["default/foo .--", "default/web +.+", `${internet} ++.`],
      // To anybody who serves it.
      "UDP 53": ["default/foo .++", "default/web +.+", `${internet} ++.`],
      "TCP 53": ["default/foo .++", "default/web +.+", `${internet} ++.`],
    },
  ),
  recipe("12 nothing out of the namespace that is not allowed", [policy("default", { egress: deny })], {
    "TCP 80": ["default/foo .---", "default/web -.--", "other/client ++.+", `${internet} +++.`],
  }),
  recipe(
    "14 no egress to the outside",
    [
      policy("default", {
        podSelector: of({ app: "foo" }),
        egress: [{ ports: dns }, { to: [{ namespaceSelector: {} }] }],
      }),
    ],
    {
      "TCP 80": ["default/foo .++-", "default/web +.++", "other/client ++.+", `${internet} +++.`],
      "UDP 53": ["default/foo .+++", "default/web +.++", "other/client ++.+", `${internet} +++.`],
    },
  ),

  recipe(
    "rules of a direction that policyTypes leave out are not looked at",
    [
      policy("default", {
        podSelector: web,
        policyTypes: ["Egress"],
        ingress: deny,
        egress: [{ to: [{ podSelector: {} }] }],
      }),
    ],
    { "TCP 80": ["default/web .+-", "default/client +.+", "other/client ++."] },
  ),
  recipe(
    "policyTypes that are missing: Ingress always, Egress with rules for it",
    [
      policy("default", { podSelector: web, policyTypes: undefined }, "no-rules"),
      policy(
        "default",
        { podSelector: of({ app: "foo" }), policyTypes: [], egress: [{ ports: dns }] },
        "egress",
      ),
    ],
    { "TCP 80": ["default/web .-+", "default/foo -.-", "other/client --."] },
  ),
  recipe(
    "NotIn selects what has no such label, DoesNotExist nothing else",
    [
      policy("default", {
        podSelector: web,
        ingress: [
          {
            from: [
              { podSelector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["foo"] }] } },
            ],
          },
        ],
      }),
      policy("default", {
        podSelector: { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] },
        ingress: deny,
      }),
    ],
    { "TCP 80": ["default/web .-+", "default/client +.+", "default/foo --."] },
  ),
  recipe(
    "endPort is a port of the range",
    [policy("default", { podSelector: web, ingress: [{ ports: [{ port: 32000, endPort: 32768 }] }] })],
    {
      "TCP 31999": ["default/web .+", "default/client -."],
      "TCP 32000": ["default/web .+", "default/client +."],
      "TCP 32768": ["default/web .+", "default/client +."],
      "TCP 32769": ["default/web .+", "default/client -."],
      "UDP 32100": ["default/web .+", "default/client -."],
    },
  ),
  recipe(
    "what one policy excepts another may allow",
    [
      policy("default", {
        podSelector: web,
        egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["93.184.216.0/24"] } }] }],
      }),
      policy(
        "default",
        { podSelector: web, egress: [{ to: [{ ipBlock: { cidr: "93.184.216.34/32" } }] }] },
        "one",
      ),
    ],
    {
      "TCP 443": [
        "default/web .++--",
        "198.51.100.1 +....",
        `${internet} +....`,
        "93.184.216.35 +....",
        "2001:db8::1 +....",
      ],
    },
  ),
  recipe(
    "IPv6",
    [
      policy("default", {
        podSelector: web,
        ingress: [{ from: [{ ipBlock: { cidr: "2001:db8::/32", except: ["2001:db8:1::/48"] } }] }],
      }),
    ],
    {
      "TCP 443": [
        "default/web .++++",
        "2001:db8::1 +....",
        "2001:db8:1::1 -....",
        "2001:db9::1 -....",
        `${internet} -....`,
      ],
    },
  ),
  recipe(
    "a named port is another number at each destination, and that of its protocol only",
    [policy("default", { egress: [{ ports: [{ port: "http" }] }] })],
    {
      "TCP 8000": ["default/client .+-", "default/apiserver -.-", `${internet} ++.`],
      "UDP 8000": ["default/client .--", "default/apiserver -.-", `${internet} ++.`],
      "TCP 5000": ["default/client .--", "default/apiserver -.-", `${internet} ++.`],
    },
  ),
];
