import { objectSchema, patternSchema, textSchema } from './json-schema.js';

/** Request `POST /v1/withdrawals` with the customer's Ed25519 signature, as verified by the ledger. */
export interface SignedRequest {
  /** Key id of the request. */
  readonly keyId: string;
  /** Literal text of the header. */
  readonly timestamp: string;
  /** Exact bytes of the body; a body with invalid UTF-8 is refused. */
  readonly body: string;
  readonly signature: string;
}

/** Signed parts common to every such request. */
export const SIGNED_ROUTE = { method: 'POST', path: '/v1/withdrawals', query: '' } as const;

const LONGEST_KEY_ID = 64;
const LONGEST_BODY = 65_536;
const TIMESTAMP = /^\d{1,12}$/;
const SIGNATURE = /^[0-9a-f]{128}$/;

export function isSignedRequest(value: unknown): value is SignedRequest {
  const { keyId, timestamp, body, signature } = (value ?? {}) as Record<string, unknown>;
  return (
    isTextOf(keyId, LONGEST_KEY_ID) &&
    isTextOf(body, LONGEST_BODY) &&
    typeof timestamp === 'string' &&
    TIMESTAMP.test(timestamp) &&
    typeof signature === 'string' &&
    SIGNATURE.test(signature)
  );
}

/** JSON Schema of a signed request. */
export const SIGNED_REQUEST_SCHEMA = objectSchema({
  keyId: textSchema(LONGEST_KEY_ID),
  timestamp: patternSchema(TIMESTAMP, 'Unix time in seconds'),
  body: textSchema(LONGEST_BODY),
  signature: patternSchema(SIGNATURE, 'Ed25519 signature in hex'),
});

function isTextOf(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest;
}
