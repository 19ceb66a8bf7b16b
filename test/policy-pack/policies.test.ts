import assert from "node:assert/strict";
import { createPolicies } from "../../policy-pack/policies.ts";
import { RULES } from "../../policy-pack/rules/index.ts";
import { run, unknown } from "./harness.ts";
import { configMap, namespace, release, service } from "./objects.ts";

describe("createPolicies()", () => {
  const policies = createPolicies(RULES);

  it("gives every rule a name of its own that Pulumi accepts", () => {
    const names = policies.map(({ name }) => name);
    assert.equal(new Set(names).size, RULES.length);
    for (const name of names) assert.match(name, /^[A-Z]+-[A-Z]+$/);
  });

  it("tells level, severity, remedy and controls", () => {
    const policy = policies.find(({ name }) => name === "NP-DENY");
    assert.equal(policy?.enforcementLevel, "mandatory");
    assert.equal(policy.severity, "high");
    assert.equal(policy.framework?.name, "CIS Kubernetes");
    assert.ok(policy.tags?.includes("PCI DSS 4.0.1 1.3.2"));
    assert.match(policy.remediationSteps ?? "", /default-deny-all/);
  });

  it("describes every setting, and does not take the name that the SDK reserves", () => {
    for (const { name, configSchema } of policies) {
      for (const [key, schema] of Object.entries(configSchema?.properties ?? {})) {
        assert.ok(schema.description, `${name}.${key}`);
        assert.notEqual(schema.default, undefined, `${name}.${key}`);
        assert.notEqual(key, "enforcementLevel");
      }
    }
  });

  it("puts COV-BLIND last, so that it can report on all others", () => {
    assert.equal(RULES.at(-1)?.id, "COV-BLIND");
  });

  it("prints no value that may be a secret", async () => {
    const secret = "hunter2";
    const provider = { provider: { name: "p", props: { kubeconfig: secret } } };
    const { violations, open } = await run(
      RULES.map(({ id }) => id),
      [
        namespace("shop", { annotations: { a: secret } }, provider),
        service(
          "web",
          { type: secret, clusterIP: secret, ports: [{ name: secret, nodePort: 1 }] },
          undefined,
          provider,
        ),
        configMap("coredns", { password: secret, Corefile: `.:53 {\n    cache ${unknown as string}\n}\n` }),
        release("a", "unheard-of", { auth: { password: secret }, service: { type: "NodePort" } }),
      ],
    );
    assert.notEqual(violations.length, 0);
    assert.doesNotMatch(
      [...violations.map(({ message }) => message), ...open].join("\n"),
      new RegExp(secret),
    );
  });

  it("forgets what it could not judge when a resource is judged again", async () => {
    const { open } = await run(
      ["SVC-NODEPORT"],
      [service("web", { type: unknown }), service("web", { type: "ClusterIP" })],
    );
    assert.deepEqual(open, []);
  });
});
