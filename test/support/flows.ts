import { describeDifference, workloadChanges } from "../../model/reachability/report/describe-difference.ts";
import { describeSurvey } from "../../model/reachability/report/describe-survey.ts";
import { type Difference, difference } from "../../model/reachability/report/difference.ts";
import { type Picture, pictureOf } from "../../model/reachability/report/picture.ts";
import { boundsOf, survey } from "../../model/reachability/report/survey.ts";
import { takeInventory } from "../../model/reachability/inventory/inventory.ts";
import { manifests } from "./manifests.ts";

/** What stands in YAML texts, each laid over those before it. */
export const picture = (...layers: string[]): Picture =>
  pictureOf(takeInventory(layers.flatMap((text, layer) => manifests(text, { layer }))));

/** The list of flows as the command prints it. */
export function listed(text: string): string {
  const seen = picture(text);
  return describeSurvey(seen, survey(seen));
}

/** What laying a text over another changes, and as the command prints it. */
export function change(before: string, after: string): Difference & { readonly text: string } {
  const [old, now] = [picture(before), picture(before, after)];
  const all = [...old.world.pods, ...now.world.pods];
  const pods = [...new Map(all.map((group) => [group.name, group])).values()];
  const found = difference(boundsOf(old), boundsOf(now), pods);
  return { ...found, text: describeDifference(found, pods, workloadChanges(old.world.pods, now.world.pods)) };
}
