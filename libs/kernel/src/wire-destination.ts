import type { Destination } from './destination.js';
import { isObject } from './exact-json.js';
import { ok, refuse, type Result } from './result.js';

/** Destination as written to topics, REST and databases. Readers ignore unknown fields. */
export interface WireDestination {
  readonly type: Destination['type'];
  readonly [field: string]: unknown;
}

interface Field {
  readonly wire: string;
  readonly required: boolean;
  readonly longest: number;
  readonly oneOf?: readonly string[];
}

type FieldsOf<D> = { readonly [Name in Exclude<keyof D, 'type'>]-?: Field };

const required = (wire: string): Field => ({ wire, required: true, longest: 256 });
const optional = (wire: string): Field => ({ wire, required: false, longest: 256 });

/** Fields by their name in code, required fields first: faults are reported in this order. */
const FIELDS: { readonly [D in Destination as D['type']]: FieldsOf<D> } = {
  address: { address: required('address'), memo: optional('memo') },
  venue_account: {
    kind: { ...required('kind'), oneOf: ['uid', 'cid', 'email', 'phone'] },
    value: required('value'),
    areaCode: optional('area_code'),
  },
  reference_account: {
    userId: required('user_id'),
    accountGroupId: required('account_group_id'),
    referenceAccountId: required('reference_account_id'),
    remittanceInformation: optional('remittance_information'),
    purposeCode: optional('purpose_code'),
  },
};

const DESTINATION_TYPES = Object.keys(FIELDS) as readonly Destination['type'][];

interface Table {
  readonly fields: readonly Field[];
  /** Maps names on the wire to names in code, and back. `type` has the same name in both. */
  readonly codeNames: ReadonlyMap<string, string>;
  readonly wireNames: ReadonlyMap<string, string>;
}

/** Built once, because each withdrawal is read and written several times. */
const TABLES = Object.fromEntries(
  DESTINATION_TYPES.map((type) => [type, tableOf(Object.entries<Field>(FIELDS[type]))]),
) as Readonly<Record<Destination['type'], Table>>;

function tableOf(entries: readonly (readonly [name: string, field: Field])[]): Table {
  return {
    fields: entries.map(([, field]) => field),
    codeNames: new Map([
      ['type', 'type'],
      ...entries.map(([name, { wire }]) => [wire, name] as const),
    ]),
    wireNames: new Map([
      ['type', 'type'],
      ...entries.map(([name, { wire }]) => [name, wire] as const),
    ]),
  };
}

/** JSON Schema of the wire form accepted by `parseDestination`. */
export const DESTINATION_SCHEMA = {
  oneOf: DESTINATION_TYPES.map((type) => schemaOf(type, textOf)),
};

/**
 * Destination in a client's request: optional fields may be null or empty, unknown fields are
 * refused.
 */
export const REQUESTED_DESTINATION_SCHEMA = {
  oneOf: DESTINATION_TYPES.map((type) => ({
    ...schemaOf(type, (field) =>
      field.required ? textOf(field) : { type: ['string', 'null'], maxLength: field.longest },
    ),
    additionalProperties: false,
  })),
};

function schemaOf(type: Destination['type'], shown: (field: Field) => object) {
  const { fields } = TABLES[type];
  return {
    type: 'object',
    title: type,
    required: ['type', ...fields.filter((field) => field.required).map(({ wire }) => wire)],
    properties: {
      type: { type: 'string', enum: [type] },
      ...Object.fromEntries(fields.map((field) => [field.wire, shown(field)])),
    },
  };
}

function textOf({ longest, oneOf }: Field): object {
  return oneOf
    ? { type: 'string', enum: [...oneOf] }
    : { type: 'string', minLength: 1, maxLength: longest };
}

/** Names on the wire of a destination of the type; none for an unknown type. */
export function destinationNames(type: unknown): readonly string[] {
  const known = DESTINATION_TYPES.find((one) => one === type);
  return known === undefined ? [] : [...TABLES[known].codeNames.keys()];
}

const OPTIONAL: ReadonlySet<string> = new Set(
  DESTINATION_TYPES.flatMap((type) => TABLES[type].fields)
    .filter((field) => !field.required)
    .map(({ wire }) => wire),
);

/** Reads a client's destination: `null` and empty optional text equal an absent field. */
export function requestedDestination(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(
      ([name, text]) => text !== null && !(text === '' && OPTIONAL.has(name)),
    ),
  );
}

/** Reads the wire form and leaves out what is not documented. Refuses as `field: reason`, with the field's name on the wire. */
export function parseDestination(value: unknown): Result<Destination, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('destination: Input should be a valid object');
  const given = value as Readonly<Record<string, unknown>>;
  const type = DESTINATION_TYPES.find((known) => known === given['type']);
  if (type === undefined)
    return refuse(`destination.type: Input should be ${choice(DESTINATION_TYPES)}`);
  const fault = faultIn(given, TABLES[type].fields);
  if (fault !== null) return refuse(`destination.${fault}`);
  return ok(renamed(given, TABLES[type].codeNames) as Destination);
}

/** Reads a destination validated earlier; throws on any other value. */
export function destinationOf(wire: unknown): Destination {
  const parsed = parseDestination(wire);
  if (!parsed.ok) throw new Error(parsed.refusal);
  return parsed.value;
}

export function wireDestination(destination: Destination): WireDestination {
  return renamed(destination, TABLES[destination.type].wireNames) as WireDestination;
}

/** Preserves the order of fields: a destination written again has identical bytes. */
function renamed(fields: object, names: ReadonlyMap<string, string>): object {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const newName = names.get(name);
    if (newName !== undefined && value !== undefined) result[newName] = value;
  }
  return result;
}

function faultIn(
  given: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
): string | null {
  const missing = fields.find(({ wire, required }) => required && given[wire] === undefined);
  if (missing) return `${missing.wire}: Field required`;
  for (const { wire, longest } of fields) {
    const text = given[wire];
    if (text === undefined) continue;
    if (typeof text !== 'string') return `${wire}: Input should be a valid string`;
    if (text.length === 0) return `${wire}: String should have at least 1 characters`;
    if (text.length > longest) return `${wire}: String should have at most ${longest} characters`;
  }
  const strange = fields.find(({ wire, oneOf }) => oneOf?.every((one) => one !== given[wire]));
  return strange ? `${strange.wire}: Input should be ${choice(strange.oneOf ?? [])}` : null;
}

/** `'a', 'b' or 'c'` */
function choice(values: readonly string[]): string {
  return values
    .map((value) => `'${value}'`)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' or ');
}
