import type { CREDENTIALS } from '../http/public-controller.js';

/** Introduction for readers, in the subset of Markdown supported by `page/prose.ts`. */
export const ABOUT = `Sluice sends money out: each withdrawal is paid exactly once, or provably not at all.

JSON over HTTP. Amounts are text in both directions, never a number that a float has touched. Every success is \`200\` with \`{"success": true, "message": "OK", "data": …}\`; every failure is \`{"success": false, "message": "…"}\` with a message that is stable: match on status and message. The public contract is that of a crypto payment gateway; what is marked **ours** was added to it, and a client that knows only the contract works unchanged. New fields, stages and codes may appear: ignore what you do not know.

## Sign a request

Every request has three headers: \`X-CPG-Key\`, \`X-CPG-Timestamp\` and \`X-CPG-Signature\`. The signature is the lower-case hex of HMAC-SHA256 over five fields that are joined by one newline each, with none at the end. The secret is used as text, never decoded.

\`\`\`
{timestamp}\\n{METHOD}\\n{path}\\n{query}\\n{hex of SHA-256 of the body}
\`\`\`

- \`timestamp\` is the text of the header: Unix time in whole seconds, at most 300 s from our clock.
- \`path\` begins with \`/v1/\` and has neither host nor query. \`query\` is what follows \`?\`, exactly as sent; empty without one.
- The body's hash is over the bytes that are sent; without a body it is the hash of nothing.
- A signature counts once. Two equal requests of one second have one signature: sign a retry again, with another timestamp.

A worked example, with the secret \`not-a-real-secret\` and \`GET /v1/_ping\` at 1747444800:

\`\`\`
1747444800
GET
/v1/_ping

e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
\`\`\`

gives \`X-CPG-Signature: b1b7d40db2cc12188a9d510a0ed65a11205348903e3a07814a1df724ea88768b\`.

A key may be an Ed25519 key of your own instead: the same five fields, and the 64 bytes of the signature as 128 digits of lower-case hex.

## Send it again

\`client_reference\` is the idempotency key of a withdrawal: one key (or account) and one reference make one withdrawal, and every further request with both is answered with its present state. After \`504\`, \`503\` or no answer at all, send the request again with the same reference, signed anew. Without a reference a retry can pay twice.`;

type Credential = keyof typeof CREDENTIALS;

/** Header name and description of each security scheme. */
export const CREDENTIAL_HEADERS: Readonly<Record<Credential, readonly [string, string]>> = {
  key: ['X-CPG-Key', 'The public id of the API key'],
  timestamp: ['X-CPG-Timestamp', 'Unix time in whole seconds, at most 300 s from our clock'],
  signature: [
    'X-CPG-Signature',
    'Lower-case hex of HMAC-SHA256 over timestamp, method, path, query and the SHA-256 of the body, joined by newlines (for a key of your own: of its Ed25519 signature). Good once',
  ],
};

/** Tags of the reference, in order. */
export const TAGS: Readonly<Record<string, string>> = {
  withdrawals: 'Send money out, follow it, and stop it while that is possible',
  balances: 'What the account has',
  currencies: 'What can be withdrawn, and at which terms',
  transactions: 'What has moved',
  'hot-wallet-address': 'Where withdrawals are paid from',
  webhooks: 'Be told instead of asking',
  events: 'What webhooks have told, and what they could not',
  ping: 'Check a signature',
};
