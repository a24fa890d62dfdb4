import { schemaChanges, type ValueDirection, type Schema } from './schema-changes.js';

/** Compared parts of an OpenAPI document. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface ApiOperation {
  readonly operationId: string;
  readonly parameters?: readonly ApiParameter[];
  readonly requestBody?: ApiContent & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, ApiContent>>;
  readonly 'x-permission'?: string | null;
}

interface ApiParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface ApiContent {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/**
 * Success statuses. An older client handles a new refusal by the status class, but would misread a
 * new success.
 */
const SUCCESS = /^2/;

/**
 * Incompatible changes for clients of the older document, each as a sentence; empty if compatible.
 */
export function openApiChanges(older: ApiDocument, newer: ApiDocument): string[] {
  return Object.entries(older.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) => {
      const at = `${method.toUpperCase()} ${path}`;
      const now = newer.paths[path]?.[method];
      return now ? operationChanges(operation, now, at, [older, newer]) : [`${at}: is gone`];
    }),
  );
}

type Documents = readonly [older: ApiDocument, newer: ApiDocument];

function operationChanges(
  before: ApiOperation,
  after: ApiOperation,
  at: string,
  documents: Documents,
): string[] {
  const permission = after['x-permission'] ?? null;
  return [
    ...(before.operationId === after.operationId
      ? []
      : [`${at}: is now called ${after.operationId}`]),
    ...(permission === null || permission === before['x-permission']
      ? []
      : [`${at}: now needs the permission ${permission}`]),
    ...parameterChanges(before.parameters ?? [], after.parameters ?? [], at, documents),
    ...bodyChanges(before, after, at, documents),
    ...answerChanges(before, after, at, documents),
  ];
}

function parameterChanges(
  before: readonly ApiParameter[],
  after: readonly ApiParameter[],
  at: string,
  documents: Documents,
): string[] {
  const same = (one: ApiParameter) => (other: ApiParameter) =>
    one.name === other.name && one.in === other.in;
  const place = ({ in: where, name }: ApiParameter) => `${at} ${where} ${name}`;
  return [
    ...before.flatMap((one) => {
      const now = after.find(same(one));
      return now
        ? compared(one.schema, now.schema, 'asked', place(one), documents)
        : [`${place(one)}: is gone`];
    }),
    ...after
      .filter((one) => one.required && !before.find(same(one))?.required)
      .map((one) => `${place(one)}: is now required`),
  ];
}

function bodyChanges(
  before: ApiOperation,
  after: ApiOperation,
  at: string,
  documents: Documents,
): string[] {
  const [old, now] = [schemaOf(before.requestBody), schemaOf(after.requestBody)];
  if (old && !now) return [`${at} body: is no longer read`];
  if (!old && after.requestBody?.required) return [`${at} body: is now required`];
  return old && now ? compared(old, now, 'asked', `${at} body`, documents) : [];
}

function answerChanges(
  before: ApiOperation,
  after: ApiOperation,
  at: string,
  documents: Documents,
): string[] {
  const added = Object.keys(after.responses).filter(
    (status) => SUCCESS.test(status) && !(status in before.responses),
  );
  return [
    ...added.map((status) => `${at} ${status}: is a new success`),
    ...Object.entries(before.responses).flatMap(([status, answer]) => {
      const now = after.responses[status];
      if (!now) return SUCCESS.test(status) ? [`${at} ${status}: is gone`] : [];
      return SUCCESS.test(status)
        ? compared(schemaOf(answer), schemaOf(now), 'answered', `${at} ${status}`, documents)
        : messageChanges(answer, now, `${at} ${status}`);
    }),
  ];
}

/** Clients match the messages of refusals: no message may be removed, new messages may be added. */
function messageChanges(before: ApiContent, after: ApiContent, at: string): string[] {
  const now = messagesOf(after);
  return messagesOf(before)
    .filter((message) => !now.includes(message))
    .map((message) => `${at}: "${message}" is gone`);
}

function messagesOf(answer: ApiContent): readonly string[] {
  const { properties } = (schemaOf(answer) ?? {}) as { properties?: Record<string, Schema> };
  const {
    enum: values,
    anyOf = [],
    examples,
  } = (properties?.['message'] ?? {}) as {
    enum?: readonly string[];
    anyOf?: readonly { enum?: readonly string[] }[];
    examples?: readonly string[];
  };
  return [...(values ?? examples ?? []), ...anyOf.flatMap((form) => form.enum ?? [])];
}

function schemaOf(part: ApiContent | undefined): Schema | undefined {
  return part?.content?.['application/json']?.schema;
}

function compared(
  before: Schema | undefined,
  after: Schema | undefined,
  direction: ValueDirection,
  at: string,
  [older, newer]: Documents,
): string[] {
  return schemaChanges(
    { schema: before ?? {}, resolve: (ref) => named(older, ref) },
    { schema: after ?? {}, resolve: (ref) => named(newer, ref) },
    direction,
    at,
  );
}

function named({ components }: ApiDocument, ref: string): Schema {
  return components.schemas[ref.split('/').at(-1) ?? ''] ?? {};
}
