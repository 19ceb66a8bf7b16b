import { parseAllDocuments } from "yaml";
import { type Inventory, takeInventory } from "../../model/reachability/inventory/inventory.ts";
import type { Sourced } from "../../model/reachability/inventory/objects.ts";

/** The documents of a YAML text, of one layer. */
export const manifests = (text: string, more: Partial<Sourced> = {}): Sourced[] =>
  [...parseAllDocuments(text)].map((document, i) => ({
    where: `test.yaml, document ${i + 1}`,
    manifest: document.toJS() as unknown,
    ...more,
  }));

/** What stands in a YAML text. */
export const inventoryOf = (text: string): Inventory => takeInventory(manifests(text));
