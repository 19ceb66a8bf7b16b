/** The part of OpenAPI that definitions of resources use. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** What the API server would say of a value, fields that it does not know included; empty: nothing. */
export function schemaProblems(value: unknown, schema: Schema, path = "spec"): string[] {
  const problem = (text: string): string[] => [`${path}: ${text}`];
  const within = (amount: number, what: string, least = 0, most = Infinity): string[] =>
    amount < least || amount > most ? problem(`${amount} ${what}, not ${least} to ${most}`) : [];
  if (schema.enum && !schema.enum.includes(value)) return problem(`${JSON.stringify(value)} is not allowed`);
  switch (schema.type) {
    case "object": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return problem("is no object");
      const { properties = {}, additionalProperties, required = [], minProperties, maxProperties } = schema;
      const entries = Object.entries(value);
      return [
        ...within(entries.length, "fields", minProperties, maxProperties),
        ...required.filter((key) => !(key in value)).map((key) => `${path}.${key}: is missing`),
        ...entries.flatMap(([key, item]) => {
          const known = properties[key] ?? additionalProperties;
          return known ? schemaProblems(item, known, `${path}.${key}`) : [`${path}.${key}: is unknown`];
        }),
      ];
    }
    case "array": {
      if (!Array.isArray(value)) return problem("is no list");
      const { items = {}, minItems, maxItems } = schema;
      return [
        ...within(value.length, "items", minItems, maxItems),
        ...value.flatMap((item, i) => schemaProblems(item, items, `${path}[${i}]`)),
      ];
    }
    case "string":
      return typeof value === "string"
        ? within(value.length, "characters", 0, schema.maxLength)
        : problem("is no text");
    case "integer":
      return Number.isInteger(value)
        ? within(value as number, "", schema.minimum ?? -Infinity, schema.maximum)
        : problem("is no whole number");
    case undefined:
    default:
      return problem(`nothing checks the type ${schema.type}`);
  }
}
