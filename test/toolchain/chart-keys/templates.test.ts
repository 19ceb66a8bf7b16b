import assert from "node:assert/strict";
import { templateUse } from "../../../toolchain/chart-keys/templates.ts";

const read = (text: string) => [...templateUse([text]).read].sort();
const printed = (text: string) => [...templateUse([text]).printed].sort();

describe("templateUse()", () => {
  it("finds what is read", () => {
    assert.deepEqual(read("{{ .Values.a.b }} {{ $.Values.c | quote }}"), ["a.b", "c"]);
    assert.deepEqual(read('{{- if hasKey .Values.bpf "tproxy" }}'), ["bpf", "bpf.tproxy"]);
    assert.deepEqual(read('{{- if hasKey .Values "labels" }}'), ["labels"]);
    assert.deepEqual(read('{{ get .Values.nodePort "range" }}'), ["nodePort", "nodePort.range"]);
    assert.deepEqual(read('{{ dig "a" "b" "" .Values.AsMap }}'), ["a.b"]);
  });

  it("follows variables", () => {
    const text =
      '{{- $lb := (coalesce .Values.socketLB .Values.hostServices) -}}{{ if hasKey $lb "tracing" }}{{ $lb.on }}';
    assert.deepEqual(read(text), [
      "hostServices",
      "hostServices.on",
      "hostServices.tracing",
      "socketLB",
      "socketLB.on",
      "socketLB.tracing",
    ]);
  });

  it("passes over comments, and what is read to be refused", () => {
    assert.deepEqual(read("{{/* .Values.a */}}\n# see .Values.b\n{{- /* .Values.c\n */ -}}"), []);
    assert.deepEqual(read('{{- if hasKey .Values.ipam "old" }}\n  {{- fail "gone" }}\n{{- end }}'), []);
  });

  it("finds what is printed whole", () => {
    for (const text of [
      "{{ toYaml .Values.a.b | nindent 4 }}",
      "{{ .Values.a.b | toJson }}",
      "{{- with .Values.a.b }}\nx:\n  {{- toYaml . | nindent 4 }}\n{{- end }}",
      "{{- range $k, $v := .Values.a.b }}",
      '{{ include "mapToString" .Values.a.b }}',
      "{{- $x := .Values.a.b -}}{{ toYaml $x }}",
    ]) {
      assert.deepEqual(printed(text), ["a.b"], text);
    }
  });

  it("does not take a condition for printing", () => {
    assert.deepEqual(
      printed(
        "{{- if .Values.a }}{{ toYaml .Values.b }}{{ end }}{{ with .Values.c }}{{ .d }}{{ end }}{{ toYaml . }}",
      ),
      ["b"],
    );
  });
});
