import type { Problem } from "../../problem.ts";
import { addressNumber } from "../addresses.ts";
import type { Member } from "./parties.ts";
import type { Picture } from "./picture.ts";
import { findWho } from "./who.ts";

/**
 * Whether a word of the command line means a member of a flow, for lists of the flows of one end.
 * @returns undefined where no word was given
 */
export function meant(
  picture: Picture,
  option: string,
  text: string | undefined,
): { readonly is: (member: Member) => boolean } | { readonly problem: Problem } | undefined {
  if (text === undefined) return undefined;
  const who = findWho(picture, option, text);
  if ("problem" in who) return who;
  const ends = who.ends.map(({ end }) => end);
  const groups = new Set(ends.flatMap((end) => ("pod" in end ? [end.pod.name] : [])));
  const entities = new Set(ends.flatMap((end) => ("entity" in end ? [end.entity] : [])));
  const addresses = ends.flatMap((end) => ("address" in end ? (addressNumber(end.address) ?? []) : []));
  const names = new Set(ends.flatMap((end) => ("fqdn" in end ? [end.fqdn.toLowerCase()] : [])));
  return {
    is: (member) => {
      switch (member.kind) {
        case "pods":
          return groups.has(member.group.name);
        case "entity":
          return entities.has(member.entity);
        case "addresses":
          return addresses.some((address) => member.from <= address && address < member.to);
        case "name":
          return names.has(member.name);
      }
    },
  };
}
