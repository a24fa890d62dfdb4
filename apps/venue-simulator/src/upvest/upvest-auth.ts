import { ok, refuse, type Result } from '@sluice/kernel';
import {
  constantTimeEqual,
  readUpvestSignatureInput,
  type UpvestMessage,
  type UpvestSignatureInput,
  verifyUpvest,
} from '@sluice/signing';
import type { KeyBook } from '../sim/key-book.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import type { Scope, TokenBook, UpvestIdentity } from './upvest-identities.js';
import {
  jsonAnswer,
  problem,
  type Problem,
  problemAnswer,
  type UpvestCall,
  type UpvestSettings,
  type UpvestState,
} from './upvest-state.js';

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

/** Checks client and signature. Only `detail` names the failed check. */
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

const LONGEST = 1_000;

export function issueToken({ tokens, settings }: UpvestState, call: UpvestCall): SimulatedAnswer {
  const { client, requestId, now } = call;
  const refused = (name: 'invalid_request' | 'unauthorised', detail: string): SimulatedAnswer =>
    problemAnswer(problem(name, detail), requestId);
  if (!call.headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded'))
    return refused('invalid_request', 'The body has to be a form');
  const form = new URLSearchParams(Buffer.from(call.body).toString('utf8'));
  const field = (name: string): string => form.get(name) ?? '';

  if (field('grant_type') !== 'client_credentials')
    return refused('invalid_request', 'grant_type has to be client_credentials');
  if (field('client_id') !== client.client_id)
    return refused('unauthorised', 'client_id is not that of the request');
  if (!constantTimeEqual(field('client_secret'), client.client_secret))
    return refused('unauthorised', 'The client secret is wrong');
  const scope = field('scope');
  const wanted = scope.split(' ').filter((one) => one !== '');
  if (wanted.length === 0 || scope.length > LONGEST)
    return refused('invalid_request', `scope has to be 1 to ${LONGEST} characters`);
  const granted = client.scopes.filter((one) => wanted.includes(one));
  const unknown = wanted.find((one) => !granted.includes(one as Scope));
  if (unknown !== undefined)
    return refused('invalid_request', `The client may not ask for the scope ${unknown}`);

  const { token_expires_in_s: lifetime, token_generation: generation } = settings();
  const token = tokens.issue({
    clientId: client.client_id,
    scopes: granted,
    expiresAt: now + lifetime * 1000,
    generation,
  });
  return jsonAnswer({
    access_token: token,
    expires_in: lifetime,
    scope: granted.join(' '),
    token_type: 'bearer',
  });
}
