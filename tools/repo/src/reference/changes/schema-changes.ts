/** A JSON Schema as used by OpenAPI 3.1 and by the messages. */
export type Schema = Readonly<Record<string, unknown>>;

/**
 * Direction of the described values: `asked` values are sent by a client, `answered` values are
 * received by a client.
 */
export type ValueDirection = 'asked' | 'answered';

/** Finds a schema by the schema's reference. */
type Resolve = (ref: string) => Schema;

interface Side {
  readonly schema: Schema;
  readonly resolve: Resolve;
}

const NUMBERS = ['minLength', 'minimum', 'exclusiveMinimum', 'minItems'];
const CEILINGS = ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems'];
/** Their meaning cannot be compared: another text is another rule. */
const TEXTS = ['pattern', 'format', 'const'];

/**
 * Incompatible changes of the newer schema for clients of the older schema, each as a sentence
 * starting with the place. Request values may only become wider, response values only narrower. A
 * new response field, or a new optional request field, is compatible.
 */
export function schemaChanges(
  older: Side,
  newer: Side,
  direction: ValueDirection,
  at: string,
  seen: ReadonlySet<string> = new Set(),
): string[] {
  const key = `${String(older.schema['$ref'])} ${String(newer.schema['$ref'])} ${direction}`;
  if (older.schema['$ref'] !== undefined && seen.has(key)) return [];
  const before = resolved(older);
  const after = resolved(newer);
  const deeper = new Set([...seen, key]);
  const below = (one: unknown, other: unknown, place: string) =>
    schemaChanges(
      { ...older, schema: asSchema(one) },
      { ...newer, schema: asSchema(other) },
      direction,
      place,
      deeper,
    );
  return [
    ...typeChanges(before, after, direction, at),
    ...valueChanges(before, after, direction, at),
    ...limitChanges(before, after, direction, at),
    ...fieldChanges(before, after, direction, at, below),
    ...formChanges(
      { ...older, schema: before },
      { ...newer, schema: after },
      direction,
      at,
      deeper,
    ),
    ...(isSchema(before['items']) && isSchema(after['items'])
      ? below(before['items'], after['items'], `${at}[]`)
      : []),
  ];
}

function resolved({ schema, resolve }: Side): Schema {
  const { $ref, allOf, ...own } = schema;
  const refs = [$ref, ...(Array.isArray(allOf) ? allOf.map((one: Schema) => one['$ref']) : [])];
  const found = refs.filter((ref) => typeof ref === 'string').map((ref) => resolve(ref));
  return Object.assign({}, ...found, own) as Schema;
}

/** A missing `type` allows every type. */
function typesOf({ type }: Schema): readonly unknown[] | null {
  return type === undefined ? null : [type].flat();
}

function typeChanges(
  before: Schema,
  after: Schema,
  direction: ValueDirection,
  at: string,
): string[] {
  const [wide, narrow] =
    direction === 'asked' ? [typesOf(after), typesOf(before)] : [typesOf(before), typesOf(after)];
  if (wide === null) return [];
  const missing = (narrow ?? ['anything']).filter(
    (type) => !wide.includes(type) && !(type === 'integer' && wide.includes('number')),
  );
  return missing.map((type) =>
    direction === 'asked'
      ? `${at}: may no longer be ${String(type)}`
      : `${at}: may now be ${String(type)}`,
  );
}

function valueChanges(
  before: Schema,
  after: Schema,
  direction: ValueDirection,
  at: string,
): string[] {
  const [old, now] = [listOf(before['enum']), listOf(after['enum'])];
  if (direction === 'answered') {
    if (old === null) return [];
    // Code generators cannot read an enumerated boolean: no working client relies on the
    // enumeration.
    if (now === null) return before['type'] === 'boolean' ? [] : [`${at}: may now be any value`];
    return now.filter((one) => !old.includes(one)).map((one) => `${at}: may now be ${one}`);
  }
  if (now === null) return [];
  if (old === null) return [`${at}: is now one of a list`];
  return old.filter((one) => !now.includes(one)).map((one) => `${at}: may no longer be ${one}`);
}

function listOf(values: unknown): readonly string[] | null {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)) : null;
}

/**
 * Limits of a request restrict the client's own values. A limit of a response is a promise and may
 * become stricter.
 */
function limitChanges(
  before: Schema,
  after: Schema,
  direction: ValueDirection,
  at: string,
): string[] {
  const [wide, narrow] = direction === 'asked' ? [after, before] : [before, after];
  const sentence = direction === 'asked' ? 'is stricter than before' : 'is wider than before';
  const limits = [
    ...NUMBERS.filter(
      (name) => Number(wide[name] ?? -Infinity) > Number(narrow[name] ?? -Infinity),
    ),
    ...CEILINGS.filter((name) => Number(wide[name] ?? Infinity) < Number(narrow[name] ?? Infinity)),
    ...TEXTS.filter((name) => wide[name] !== undefined && wide[name] !== narrow[name]),
  ];
  return limits.map((name) => `${at}: ${name} ${sentence}`);
}

function fieldChanges(
  before: Schema,
  after: Schema,
  direction: ValueDirection,
  at: string,
  below: (one: unknown, other: unknown, place: string) => string[],
): string[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  const [wasRequired, isRequired] = [requiredOf(before), requiredOf(after)];
  const place = (field: string) => `${at}.${field}`;
  const gone = Object.keys(old).filter((field) => !(field in now));
  const moved =
    direction === 'answered'
      ? wasRequired
          .filter((field) => !gone.includes(field) && !isRequired.includes(field))
          .map((field) => `${place(field)}: may now be missing`)
      : isRequired
          .filter((field) => !wasRequired.includes(field))
          .map((field) => `${place(field)}: is now required`);
  return [
    ...gone.map((field) => `${place(field)}: is gone`),
    ...moved,
    ...Object.keys(old)
      .filter((field) => field in now)
      .flatMap((field) => below(old[field], now[field], place(field))),
  ];
}

/** Compares forms (`oneOf`, `anyOf`) by title or reference, otherwise by position. */
function formChanges(
  older: Side,
  newer: Side,
  direction: ValueDirection,
  at: string,
  seen: ReadonlySet<string>,
): string[] {
  const [old, now] = [formsOf(older.schema), formsOf(newer.schema)];
  const [wide, narrow] = direction === 'asked' ? [now, old] : [old, now];
  if (wide.size === 0) return [];
  const sentence = direction === 'asked' ? 'is no longer taken' : 'is a new form';
  const missing = [...narrow.keys()].filter((name) => !wide.has(name));
  return [
    ...missing.map((name) => `${at}: ${name} ${sentence}`),
    ...[...old].flatMap(([name, schema]) => {
      const other = now.get(name);
      return other === undefined
        ? []
        : schemaChanges(
            { ...older, schema },
            { ...newer, schema: other },
            direction,
            `${at}(${name})`,
            seen,
          );
    }),
  ];
}

function formsOf({ oneOf, anyOf }: Schema): ReadonlyMap<string, Schema> {
  const forms = [oneOf, anyOf].find((list) => Array.isArray(list)) as readonly Schema[] | undefined;
  return new Map(
    (forms ?? []).map((form, index) => [
      String(form['title'] ?? form['$ref'] ?? form['type'] ?? index)
        .split('/')
        .at(-1) ?? '',
      form,
    ]),
  );
}

function fieldsOf({ properties }: Schema): Readonly<Record<string, unknown>> {
  return isSchema(properties) ? properties : {};
}

function requiredOf({ required }: Schema): readonly string[] {
  return Array.isArray(required) ? (required as readonly string[]) : [];
}

function asSchema(value: unknown): Schema {
  return isSchema(value) ? value : {};
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
