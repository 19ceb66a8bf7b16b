import type { CoreV1Api, V1Container, V1EnvVar, V1Pod } from "@kubernetes/client-node";
import type { KeeperSpec } from "./spec.ts";
import { fieldOf, unlessOptional } from "./volumes.ts";

/**
 * A container's environment: what a kubelet sets, then what the container asks for, with
 * `$(NAME)` in values replaced. Resource fields are left out.
 */
export async function environmentOf(
  core: CoreV1Api,
  pod: V1Pod,
  container: V1Container,
  spec: KeeperSpec,
): Promise<Record<string, string>> {
  const env: Record<string, string> = {
    HOSTNAME: pod.metadata?.name ?? "",
    KUBERNETES_SERVICE_HOST: spec.apiServiceAddress,
    KUBERNETES_SERVICE_PORT: "443",
  };
  for (const variable of container.env ?? []) {
    const value = await valueOf(core, pod, variable);
    if (value !== undefined) env[variable.name] = expand(value, env);
  }
  return env;
}

async function valueOf(
  core: CoreV1Api,
  pod: V1Pod,
  { value, valueFrom }: V1EnvVar,
): Promise<string | undefined> {
  if (valueFrom?.fieldRef) return fieldOf(pod, valueFrom.fieldRef.fieldPath);
  const namespace = pod.metadata?.namespace ?? "default";
  const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
  if (configMapKeyRef) {
    const { name = "", key, optional } = configMapKeyRef;
    const found = await unlessOptional(core.readNamespacedConfigMap({ namespace, name }), optional);
    return found?.data?.[key];
  }
  if (secretKeyRef) {
    const { name = "", key, optional } = secretKeyRef;
    const found = await unlessOptional(core.readNamespacedSecret({ namespace, name }), optional);
    return found && Buffer.from(found.data?.[key] ?? "", "base64").toString();
  }
  return value;
}

/** Replaces `$(NAME)` by the variable's value; what is not known stays as it is, and `$$` is a dollar. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^)]+)\)/g, (found, name: string | undefined) =>
    name === undefined ? "$" : (env[name] ?? found),
  );
}
