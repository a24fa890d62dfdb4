import { hash } from 'node:crypto';

/** Request header with a person's proof of one exact call. */
export const PASSKEY_HEADER = 'sluice-passkey';

const VERSION = 'sluice-call.v1';

/** A call of the admin API, as the person's passkey signs it. */
export interface PasskeyCall {
  readonly service: string;
  readonly method: string;
  /** Path and query as sent, from `/internal` on. */
  readonly target: string;
  /** Bytes of the body; none for a call without a body. */
  readonly body: Uint8Array;
  /** Time of the call by the person's computer, RFC 3339 in UTC. */
  readonly at: string;
}

/** Returns the text of which the challenge is the digest: one line per fact. */
export function passkeyCallText({ service, method, target, body, at }: PasskeyCall): string {
  return [VERSION, service, method, target, hash('sha256', body, 'hex'), at].join('\n');
}

/** Returns the challenge for `navigator.credentials.get`, in base64url. */
export function challengeOfCall(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** Content of the header, as base64url of its JSON. */
export interface PasskeyHeader {
  readonly at: string;
  /** Answer of the browser: `PublicKeyCredential` in JSON. */
  readonly assertion: object;
  /** Voucher of the ledger for the called service; empty at the ledger. */
  readonly voucher: string;
}

export function writePasskeyHeader(header: PasskeyHeader): string {
  return Buffer.from(JSON.stringify(header)).toString('base64url');
}
