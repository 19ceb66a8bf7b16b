import assert from "node:assert/strict";
import { type Matrix, matrixOf } from "../../../../model/reachability/report/matrix.ts";
import { matrixSvg } from "../../../../model/reachability/report/matrix-svg.ts";
import { survey } from "../../../../model/reachability/report/survey.ts";
import { change, picture } from "../../../support/flows.ts";
import { shop } from "../../../support/shop.ts";

function draw(text: string, more: Partial<Parameters<typeof matrixOf>[0]> = {}): Matrix {
  const { world } = picture(text);
  const flows = survey(picture(text));
  return matrixOf({ title: "t", pods: world.pods, ...flows, isUnknown: () => false, ...more });
}
/** What a cell says, by the names of its row and column. */
function cell({ parties, cells }: Matrix, from: string, to: string) {
  const number = (name: string): number => parties.findIndex((party) => party.name === name);
  return cells.get(number(from))?.get(number(to));
}
const pods = (count: number, name = (i: number): string => `w${i}`): string =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: name(i), namespace: `ns-${Math.floor(i / 10)}`, labels: { app: `w${i}` } },
    }),
  ).join("\n---\n");

describe("matrixOf()", () => {
  it("has a cell for what passes, and none for what is denied", () => {
    const matrix = draw(shop);
    assert.deepEqual(cell(matrix, "shop/api-gateway", "shop/api-backend"), {
      state: "some",
      short: "8080",
      text: "TCP 8080",
    });
    assert.equal(cell(matrix, "shop/api-gateway", "shop/postgres"), undefined);
    assert.deepEqual(cell(matrix, "kube-system/coredns", "addresses outside")?.state, "all");
    assert.deepEqual(cell(matrix, "shop/api-backend", "addresses outside")?.text, "TCP 443");
    assert.equal(cell(matrix, "shop/api-backend", "kube-system/coredns")?.short, "53");
  });

  it("leaves open what may pass, and what policies decide that were not understood", () => {
    assert.equal(cell(draw(shop), "shop/api-backend", "nodes")?.state, "unknown");
    const doubtful = draw(shop, { isUnknown: (namespace) => namespace === "kube-system" });
    assert.equal(cell(doubtful, "shop/postgres", "kube-system/coredns")?.state, "unknown");
    assert.equal(cell(doubtful, "shop/api-gateway", "shop/api-backend")?.state, "some");
  });

  it("marks what a change opens and closes", () => {
    const over = JSON.stringify({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "allow-api-gateway", namespace: "shop" },
      spec: {
        podSelector: { matchLabels: { app: "api-gateway" } },
        policyTypes: ["Egress"],
        egress: [
          {
            ports: [
              { port: 8081, endPort: 8090 },
              { port: 53, protocol: "UDP" },
            ],
          },
        ],
      },
    });
    const matrix = draw(shop, { changes: change(shop, over), ...survey(picture(shop, over)) });
    assert.deepEqual(cell(matrix, "shop/api-gateway", "shop/api-backend"), {
      state: "closed",
      short: "8080",
      text: "closes TCP 8080",
    });
    assert.equal(cell(matrix, "shop/api-gateway", "kube-system/coredns")?.text, "opens UDP 53");
    assert.equal(cell(matrix, "shop/api-backend", "shop/postgres")?.state, "kept");
    assert.equal(cell(matrix, "shop/api-gateway", "nodes")?.short, "ranges");
  });

  it("has a row for each namespace where workloads would be too many, and says what holds of all pairs", () => {
    const one = `{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: d, namespace: ns-1 },
      spec: { podSelector: { matchLabels: { app: w10 } } } }`;
    const matrix = draw(`${pods(70)}\n---\n${one}`);
    assert.equal(matrix.parties.filter(({ namespace }) => namespace !== undefined).length, 7);
    assert.equal(cell(matrix, "ns-0 (10)", "ns-2 (10)")?.state, "all");
    assert.equal(cell(matrix, "ns-0 (10)", "ns-1 (10)")?.state, "some");
    assert.match(matrix.title, /by namespace: 70 workloads/);
  });
});

describe("matrixSvg()", () => {
  it("stands alone: no script, no link, nothing fetched", () => {
    const svg = matrixSvg(draw(shop));
    assert.doesNotMatch(svg, /<script|href|url\((?!#)|@import|<image|<foreignObject| on\w+=/i);
    assert.deepEqual(svg.match(/https?:[^"]*/g), ["http://www.w3.org/2000/svg"]);
    assert.match(svg, /prefers-color-scheme: dark/);
  });

  it("lets nobody's name out of its text", () => {
    const evil = '</text><script>alert("1")</script>&\u0001';
    const { parties, ...rest } = draw(shop);
    const svg = matrixSvg({
      ...rest,
      title: evil,
      parties: parties.map((party) => ({ ...party, name: evil })),
    });
    assert.doesNotMatch(svg, /<script|\u0001/);
    assert.match(svg, /&lt;script&gt;alert\(&quot;1&quot;\)/);
  });

  for (const count of [1, 5, 60]) {
    it(`has room for all of ${count} workloads`, () => {
      const svg = matrixSvg(draw(pods(count)));
      const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
      for (const [, x = 0, y = 0] of [...svg.matchAll(/ x="([\d.]+)" y="([\d.]+)"/g)].map((at) =>
        at.map(Number),
      )) {
        assert.ok(x < width && y < height, `${x} ${y} of ${width} ${height}`);
      }
      assert.equal(svg.match(/rotate\(-60\)/g)?.length, count + 3);
    });
  }
});
