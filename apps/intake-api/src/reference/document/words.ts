import type { CREDENTIALS } from '../../api-keys/public-controller.js';

/** Introduction for readers, in the subset of Markdown supported by `page/prose.ts`. */
export const ABOUT = `Sluice sends money out: each withdrawal is paid exactly once, or provably not at all.

JSON over HTTP. Amounts are decimal text in both directions, never floating-point numbers. Every success is \`200\` with \`{"success": true, "message": "OK", "data": …}\`. Every failure is \`{"success": false, "message": "…"}\` with a stable message: match on status and message. The contract is that of a crypto payment gateway. Parts marked **ours** are additions, and a client of the contract works unchanged. New fields, stages and codes may appear: ignore unknown values.

## Sign a request

Every request has three headers: \`X-CPG-Key\`, \`X-CPG-Timestamp\` and \`X-CPG-Signature\`. The signature is the lower-case hex of HMAC-SHA256 over five fields, joined by a newline each, without a newline at the end. The secret is used as text and is never decoded.

\`\`\`
{timestamp}\\n{METHOD}\\n{path}\\n{query}\\n{hex of SHA-256 of the body}
\`\`\`

- \`timestamp\` is the text of the header: Unix time in whole seconds, at most 300 s from our clock.
- \`path\` begins with \`/v1/\` and has neither host nor query. \`query\` is the text after \`?\`, exactly as sent; empty without a query.
- The hash covers the bytes of the body as sent; without a body it is the hash of the empty text.
- A signature is valid once. Two equal requests of the same second have the same signature: sign a retry with another timestamp.

A worked example, with the secret \`not-a-real-secret\` and \`GET /v1/_ping\` at 1747444800:

\`\`\`
1747444800
GET
/v1/_ping

e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
\`\`\`

gives \`X-CPG-Signature: b1b7d40db2cc12188a9d510a0ed65a11205348903e3a07814a1df724ea88768b\`.

A key may also be your own Ed25519 key: sign the same five fields, and send the 64 bytes of the signature as 128 digits of lower-case hex.

## Retries

\`client_reference\` is the idempotency key of a withdrawal: a key (or account) and a reference identify one withdrawal, and every repeat returns its current state. After \`504\`, \`503\` or no answer at all, send the request again with the same reference, signed anew. Without a reference a retry can pay twice.`;

type Credential = keyof typeof CREDENTIALS;

/** Header name and description of each security scheme. */
export const CREDENTIAL_HEADERS: Readonly<Record<Credential, readonly [string, string]>> = {
  key: ['X-CPG-Key', 'The public id of the API key'],
  timestamp: ['X-CPG-Timestamp', 'Unix time in whole seconds, at most 300 s from our clock'],
  signature: [
    'X-CPG-Signature',
    'Lower-case hex of HMAC-SHA256 over timestamp, method, path, query and the SHA-256 of the body, joined by newlines (for your own key: of the Ed25519 signature). Valid once',
  ],
};

export const TAGS: Readonly<Record<string, string>> = {
  withdrawals: 'Request, follow and cancel withdrawals',
  balances: 'Balances of the account',
  currencies: 'Currencies and their terms',
  transactions: 'Withdrawals and top-ups',
  'hot-wallet-address': 'Addresses that pay withdrawals',
  addresses: 'Recipients that the account has named: its address book',
  'address-book': 'Settings of the address book',
  webhooks: 'Manage webhooks',
  events: 'Events of the account, delivered or not',
  ping: 'Check a signature',
};
