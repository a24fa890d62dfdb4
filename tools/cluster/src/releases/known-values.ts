/** The parts of a JSON schema used by the chart's values.schema.json. */
export interface ValuesSchema {
  /** `#/definitions/NAME` of the same schema. */
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, ValuesSchema>>;
  readonly properties?: Readonly<Record<string, ValuesSchema>>;
  readonly additionalProperties?: boolean | ValuesSchema;
  readonly items?: ValuesSchema;
}

/**
 * Returns the values without the keys that are unknown to the schema of an older chart: the schema
 * refuses such keys.
 */
export function knownValues(values: unknown, schema: ValuesSchema, root = schema): unknown {
  const { properties, additionalProperties = true, items } = definitionOf(schema, root);
  if (Array.isArray(values))
    return items ? values.map((one) => knownValues(one, items, root)) : values;
  if (typeof values !== 'object' || values === null) return values;
  const entries = Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
    const known = properties?.[key] ?? additionalProperties;
    if (known === false) return [];
    return [[key, known === true ? value : knownValues(value, known, root)]];
  });
  return Object.fromEntries(entries);
}

function definitionOf(schema: ValuesSchema, { definitions }: ValuesSchema): ValuesSchema {
  if (schema.$ref === undefined) return schema;
  return definitions?.[schema.$ref.replace('#/definitions/', '')] ?? {};
}
