import { PUBLIC_ERRORS, type PublicErrorKind } from '../../http/public-error.js';
import {
  JSON_TYPE,
  type DocumentedResponse,
  type OpenApiOperation,
  type OpenApiSchema,
} from './open-api.js';

type DocumentedRefusal = readonly [status: number, message: string];

/** Refusals of every route: credentials, limits and internal errors. */
const OF_EVERY_ROUTE: readonly PublicErrorKind[] = [
  'bad_request',
  'missing_headers',
  'outside_window',
  'invalid_key',
  'invalid_signature',
  'signature_used',
  'ip_not_allowed',
  'rate_limited',
  'internal',
  'unavailable',
];
/** Refusals sent by the server before routing, as written by `libs/service-shell`. */
const OF_THE_TRANSPORT: readonly DocumentedRefusal[] = [
  [408, 'Request timeout'],
  [431, 'Request header fields too large'],
];
const MALFORMED =
  'The path, the query, a header or the body breaks the form that is described here, or a rule names a field. `message` has every fault, as `field: reason; field: reason`.';

const WITHDRAWAL_THAT_FAILED: OpenApiSchema = {
  type: 'object',
  description: 'The failed withdrawal and the reason',
  required: ['withdrawal_id', 'error_code', 'error_message'],
  properties: {
    withdrawal_id: { type: 'integer' },
    error_code: { type: ['string', 'null'] },
    error_message: { type: ['string', 'null'] },
  },
};

const REFUSED_BY_POLICY: OpenApiSchema = {
  type: 'object',
  description:
    'Of a refusal by the spending policy: the refusing rule. A limit also has the other fields',
  required: ['rule'],
  properties: {
    rule: { type: 'string' },
    remaining: { type: ['string', 'null'], description: 'rest that the limit allows, in `unit`' },
    unit: { type: ['string', 'null'], description: 'asset, `EUR` or `payments`' },
    frees_at: {
      type: ['string', 'null'],
      description: 'time at which the limit allows the amount; null: never',
    },
  },
};

export const REQUEST_ID = {
  'X-Request-Id': {
    description:
      'Id of this request, shared with the traces of the service and with its log lines about a response of 500 or 503',
    schema: { type: 'string', format: 'uuid' },
  },
};
const SECONDS: OpenApiSchema = { type: 'string', pattern: '^[0-9]+$' };
const RETRY_AFTER = { 'Retry-After': { description: 'Seconds to wait', schema: SECONDS } };
const HEADERS: Readonly<Record<number, NonNullable<DocumentedResponse['headers']>>> = {
  429: {
    'Retry-After': {
      description:
        'Seconds to wait. Absent for the limit of a key, which ends with the clock minute',
      schema: SECONDS,
    },
    'X-RateLimit-Limit': { description: 'Requests of one address in a minute', schema: SECONDS },
    'X-RateLimit-Remaining': { description: 'Remaining requests', schema: SECONDS },
    'X-RateLimit-Reset': { description: 'Unix time of the next minute', schema: SECONDS },
  },
  503: RETRY_AFTER,
};

/**
 * All refusals of an operation by status: declared, and implied by permission, path and body.
 * Messages are examples, not a closed list.
 */
export function refusalsOf(
  operation: OpenApiOperation,
): Readonly<Record<string, DocumentedResponse>> {
  const kinds = new Set([
    ...OF_EVERY_ROUTE,
    ...(operation['x-permission'] ? ['permission_missing' as const] : []),
    ...(operation.parameters.some((parameter) => parameter.in === 'path')
      ? ['not_found' as const]
      : []),
    ...(operation.requestBody
      ? (['body_too_large', 'not_json', 'other_charset', 'encoded_body'] as const)
      : []),
    ...namedBy(operation),
  ]);
  const statuses = new Set([
    ...[...kinds].map((kind) => PUBLIC_ERRORS[kind][0]),
    ...OF_THE_TRANSPORT.map(([status]) => status),
  ]);
  const answers = [...statuses].map((status) => [status, answerOf(status, kinds)] as const);
  return Object.fromEntries([...answers, ...malformedOf(operation)]);
}

function namedBy({ operationId, 'x-refusals': names = [] }: OpenApiOperation): PublicErrorKind[] {
  return names.map((name) => {
    if (!isKind(name)) throw new Error(`${operationId}: ${name} is not in PUBLIC_ERRORS`);
    return name;
  });
}

function isKind(name: string): name is PublicErrorKind {
  return Object.hasOwn(PUBLIC_ERRORS, name);
}

function answerOf(status: number, kinds: ReadonlySet<PublicErrorKind>): DocumentedResponse {
  const ofStatus = [...kinds].filter((kind) => PUBLIC_ERRORS[kind][0] === status);
  const messages = [
    ...ofStatus.map((kind) => PUBLIC_ERRORS[kind][1]),
    ...OF_THE_TRANSPORT.filter(([own]) => own === status).map(([, message]) => message),
  ];
  return {
    description: messages.map((text) => `\`${text}\``).join(' · '),
    headers: { ...REQUEST_ID, ...HEADERS[status] },
    ...failure({ type: 'string', examples: messages }, dataOf(ofStatus)),
  };
}

function dataOf(kinds: readonly PublicErrorKind[]): OpenApiSchema | null {
  if (kinds.includes('broadcast_failed')) return WITHDRAWAL_THAT_FAILED;
  return kinds.includes('limit_exceeded') ? REFUSED_BY_POLICY : null;
}

/** Every operation refuses an unknown parameter of the query, unless it takes any query. */
function malformedOf(operation: OpenApiOperation): [number, DocumentedResponse][] {
  if (operation['x-any-query']) return [];
  return [
    [
      422,
      {
        description: MALFORMED,
        headers: REQUEST_ID,
        ...failure({ type: 'string', pattern: ': .' }, null),
      },
    ],
  ];
}

function failure(
  message: OpenApiSchema,
  data: OpenApiSchema | null,
): Pick<DocumentedResponse, 'content'> {
  const properties = {
    success: { type: 'boolean' },
    message,
    ...(data && { data }),
  };
  const schema = { type: 'object', required: ['success', 'message'], properties };
  return { content: { [JSON_TYPE]: { schema } } };
}
