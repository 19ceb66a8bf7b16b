import { clusterShape, type Shape } from "../../model/sizing/shape.ts";
import { minimal, settingsOf } from "./settings.ts";

/** The shape of a cluster of three nodes, with what a test needs otherwise in the section `cluster`. */
export function shapeOf(cluster: object): Shape {
  return clusterShape(settingsOf({ cluster: { ...minimal.cluster, ...cluster } }).cluster);
}
