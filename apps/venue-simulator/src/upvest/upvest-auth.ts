import { ok, refuse, type Result } from '@sluice/kernel';
import {
  readUpvestSignatureInput,
  verifyUpvest,
  type UpvestMessage,
  type UpvestSignatureInput,
} from '@sluice/signing';
import type { KeyBook } from '../sim/key-book.js';
import type { Scope, UpvestIdentity } from './upvest-identities.js';
import { problem, type Problem } from './upvest-problems.js';
import type { UpvestSettings } from './upvest-settings.js';
import type { TokenBook } from './upvest-tokens.js';

type SignatureRules = UpvestSettings['signature'];

const NONCES_KEPT = 100_000;

/** Seen signatures: each pair of key and nonce is valid once. */
export class NonceBook {
  private readonly seen = new Map<string, number>();

  /** False when this pair has come before. */
  take(keyId: string, nonce: string, expiresAt: number): boolean {
    const pair = `${keyId} ${nonce}`;
    if (this.seen.has(pair)) return false;
    this.seen.set(pair, expiresAt);
    if (this.seen.size > NONCES_KEPT) this.seen.delete(this.seen.keys().next().value ?? '');
    return true;
  }

  reset(): void {
    this.seen.clear();
  }
}

/**
 * Checks the client, followed by the signature: version, key, bytes, covered parts, time, nonce.
 * Only `detail` names the failed check.
 */
export function checkSignature(
  clients: Pick<KeyBook<UpvestIdentity>, 'find'>,
  message: UpvestMessage,
  rules: SignatureRules,
  nonces: NonceBook,
  now: number,
): Result<UpvestIdentity, Problem> {
  const clientId = message.headers['upvest-client-id'];
  if (!clientId)
    return refuse(problem('missing_client_id', 'The header upvest-client-id is missing'));
  const client = clients.find(clientId);
  if (!client) return unauthorised('The client is unknown');
  if (message.headers['upvest-signature-version'] !== '15')
    return unauthorised('The header upvest-signature-version has to be 15');
  const input = readUpvestSignatureInput(message.headers['signature-input'] ?? '');
  if (!input) return unauthorised('The header signature-input is missing or malformed');
  const key = client.keys.find((one) => one.key_id === input.keyId);
  if (!key) return unauthorised('The key of the signature is unknown');
  if (!verifyUpvest('v15', key.publicKey, message))
    return unauthorised('The signature or the digest does not fit the request');
  const uncovered = requiredComponents(message).find(
    (name) => !input.components.includes(name) && !rules.uncovered_allowed.includes(name),
  );
  if (uncovered !== undefined) return unauthorised(`The signature does not cover ${uncovered}`);
  const untimely = timeFault(input, rules, now / 1000);
  if (untimely !== null) return unauthorised(untimely);
  if (
    rules.refuse_replayed_nonce &&
    !nonces.take(key.key_id, input.nonce ?? '', (input.expires ?? 0) * 1000)
  )
    return unauthorised('The nonce has been used');
  return ok(client);
}

/** Tokens issued so far, and the conditions of their validity. */
interface IssuedTokens {
  readonly tokens: TokenBook;
  readonly generation: UpvestSettings['token_generation'];
  readonly now: number;
}

/** Checks the bearer token, followed by the scopes. Empty `scopes`: any valid token is accepted. */
export function checkToken(
  client: UpvestIdentity,
  authorization: string | undefined,
  scopes: readonly Scope[],
  { tokens, generation, now }: IssuedTokens,
): Result<void, Problem> {
  const token = /^Bearer ([a-zA-Z0-9\-._~+/]+=*)$/.exec(authorization ?? '')?.[1];
  const granted =
    token === undefined ? null : tokens.scopesOf(token, client.client_id, now, generation);
  if (granted === null) return unauthorised('The access token is missing, unknown or expired');
  if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope)))
    return refuse(problem('forbidden', `The access token lacks the scope ${scopes.join(' or ')}`));
  return ok(undefined);
}

function requiredComponents({ headers, query, body }: UpvestMessage): string[] {
  const ifSent = ['authorization', 'upvest-api-version', 'idempotency-key'].filter(
    (name) => headers[name] !== undefined,
  );
  return [
    '@method',
    '@path',
    'accept',
    'upvest-client-id',
    ...(query === '' ? [] : ['@query']),
    ...ifSent,
    ...(body.length === 0 ? [] : ['content-type', 'content-length', 'content-digest']),
  ];
}

function timeFault(
  { created, expires, nonce }: UpvestSignatureInput,
  rules: SignatureRules,
  nowSeconds: number,
): string | null {
  if (created === null || expires === null || nonce === null || nonce === '')
    return 'The signature lacks created, expires or nonce';
  if (!rules.check_expiry) return null;
  if (expires < nowSeconds) return 'The signature has expired';
  if (created > nowSeconds + rules.most_ahead_s) return 'The signature was created in the future';
  return expires - created > rules.longest_window_s ? 'The signature is good for too long' : null;
}

function unauthorised(detail: string): Result<never, Problem> {
  return refuse(problem('unauthorised', detail));
}
