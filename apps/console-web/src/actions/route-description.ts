import type { ServiceDocument, ApiSchema } from './open-api.js';

/** Kind of a field of a form. */
export type FieldKind =
  'text' | 'long text' | 'whole number' | 'flag' | 'choice' | 'time' | 'texts' | 'group' | 'json';

/** Field of a call's body, as the service describes it. */
export interface FieldDescription {
  /** Path of names, such as `limits.daily`. */
  readonly path: string;
  readonly name: string;
  readonly kind: FieldKind;
  readonly description: string | null;
  readonly isRequired: boolean;
  /** May be null; a required field without a value is sent as null. */
  readonly mayBeNull: boolean;
  readonly choices: readonly string[];
  readonly pattern: string | null;
  readonly example: string | null;
  /** Fields of a group. */
  readonly fields: readonly FieldDescription[];
}

/** Description of a route, from the service's OpenAPI document. */
export interface RouteDescription {
  readonly summary: string | null;
  /** Callers that the service admits: roles, or names of services with `service:` before. */
  readonly requires: readonly string[];
  readonly fields: readonly FieldDescription[];
  readonly hasBody: boolean;
}

const LONG_TEXT = 200;
/** Groups in groups are asked for as JSON below this depth. */
const MOST_DEPTH = 3;

/** Describes a route such as `POST /internal/halts/:id/lift`; null if the document has no such route. */
export function describeRoute(document: ServiceDocument, route: string): RouteDescription | null {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replace(/\?$/, '').replace(/:(\w+)/g, '{$1}');
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (operation === undefined) return null;
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const body = schema === undefined ? null : resolved(document, schema);
  return {
    summary: operation.summary ?? operation.description ?? null,
    requires: operation['x-requires'] ?? [],
    fields: body === null ? [] : fieldsOf(document, body, '', 0),
    hasBody: body !== null,
  };
}

function fieldsOf(
  document: ServiceDocument,
  { properties = {}, required = [] }: ApiSchema,
  before: string,
  depth: number,
): readonly FieldDescription[] {
  return Object.entries(properties).map(([name, property]) => {
    const schema = resolved(document, property);
    const path = before === '' ? name : `${before}.${name}`;
    const kind = kindOf(schema, depth);
    return {
      path,
      name,
      kind,
      description: property.description ?? schema.description ?? null,
      isRequired: required.includes(name),
      mayBeNull: schema.nullable === true,
      choices: (schema.enum ?? []).map(String),
      pattern: schema.pattern ?? null,
      example: textOf(schema.example),
      fields: kind === 'group' ? fieldsOf(document, schema, path, depth + 1) : [],
    };
  });
}

/** Follows references: the referring schema's own properties win. */
function resolved(document: ServiceDocument, schema: ApiSchema): ApiSchema {
  const { $ref, allOf = [], ...own } = schema;
  const referred = $ref === undefined ? allOf : [{ $ref }, ...allOf];
  return referred.reduce<ApiSchema>((merged, part) => {
    const name = part.$ref?.split('/').at(-1);
    const target = name === undefined ? part : document.components?.schemas?.[name];
    return { ...(target && resolved(document, target)), ...merged };
  }, own);
}

function kindOf(
  { type, format, maxLength, items, ...schema }: ApiSchema,
  depth: number,
): FieldKind {
  if (schema.enum !== undefined) return 'choice';
  if (type === 'boolean') return 'flag';
  if (type === 'integer' || type === 'number') return 'whole number';
  if (format === 'date-time') return 'time';
  if (type === 'array')
    return items?.type === 'string' && items.$ref === undefined ? 'texts' : 'json';
  if (schema.properties !== undefined) return depth < MOST_DEPTH ? 'group' : 'json';
  if (type === 'object') return 'json';
  return maxLength !== undefined && maxLength > LONG_TEXT ? 'long text' : 'text';
}

function textOf(example: unknown): string | null {
  if (example === undefined || example === null) return null;
  return typeof example === 'string' ? example : JSON.stringify(example);
}
