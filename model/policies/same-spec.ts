import { isDeepStrictEqual } from "node:util";

/** Whether two specs of a policy say the same. The API server leaves out empty lists; an empty selector is everybody. */
export const isSameSpec = (there: unknown, wanted: unknown): boolean =>
  isDeepStrictEqual(withoutEmpty(there), withoutEmpty(wanted));

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const says =
        Array.isArray(inner) || key === "matchLabels" ? Object.keys(inner as object).length > 0 : true;
      return inner !== undefined && inner !== null && says ? [[key, withoutEmpty(inner)]] : [];
    }),
  );
}
