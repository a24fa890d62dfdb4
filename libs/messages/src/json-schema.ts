/** Parts of JSON Schema (2020-12) used by fields of messages. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly JsonSchema[];
}

/** 1 to `max` characters. The rules count UTF-16 units, so an emoji at the very end may be one too many. */
export function textSchema(max: number): JsonSchema {
  return { type: 'string', minLength: 1, maxLength: max };
}

/** `title`: name of the kind of text, in one or two words. */
export function patternSchema({ source }: RegExp, title: string): JsonSchema {
  return { type: 'string', title, pattern: source };
}

export function listSchema(items: JsonSchema, minItems: number, maxItems: number): JsonSchema {
  return { type: 'array', items, minItems, maxItems };
}

/** Readers tolerate unknown fields, therefore additional fields are allowed. */
export function objectSchema(
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema {
  return {
    type: 'object',
    required: Object.keys(required),
    properties: { ...required, ...optional },
  };
}

export function orNullSchema(schema: JsonSchema): JsonSchema {
  if (schema.oneOf) return { oneOf: [schema, { type: 'null' }] };
  const types = [schema.type ?? []].flat();
  return types.includes('null') ? schema : { ...schema, type: [...types, 'null'] };
}
