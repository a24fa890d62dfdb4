/** The parts of a JSON schema used by the chart's values.schema.json. */
export interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

/**
 * Returns the values without the keys that are unknown to the schema of an older chart: the schema
 * refuses such keys.
 */
export function knownValues(values: unknown, schema: Schema): unknown {
  const { properties, additionalProperties = true, items } = schema;
  if (Array.isArray(values)) return items ? values.map((one) => knownValues(one, items)) : values;
  if (typeof values !== 'object' || values === null) return values;
  const entries = Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
    const known = properties?.[key] ?? additionalProperties;
    if (known === false) return [];
    return [[key, known === true ? value : knownValues(value, known)]];
  });
  return Object.fromEntries(entries);
}
