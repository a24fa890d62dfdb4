import { objectSchema, patternSchema, textSchema } from './json-schema.js';

/** What of a `POST /v1/withdrawals` its customer signed with an Ed25519 key, as the ledger checks it. */
export interface SignedRequest {
  /** The key that it names. */
  readonly keyId: string;
  /** The literal text of the header. */
  readonly timestamp: string;
  /** To the byte: a body is UTF-8, or it is not taken. */
  readonly body: string;
  readonly signature: string;
}

/** What else is signed, and the same in every such request. */
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

/** The same as JSON Schema. */
export const SIGNED_REQUEST_SCHEMA = objectSchema({
  keyId: textSchema(LONGEST_KEY_ID),
  timestamp: patternSchema(TIMESTAMP, 'Unix time in seconds'),
  body: textSchema(LONGEST_BODY),
  signature: patternSchema(SIGNATURE, 'Ed25519 signature in hex'),
});

function isTextOf(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest;
}
