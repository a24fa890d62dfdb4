import { constantTimeEqual } from '@sluice/signing';
import type { SimulatedAnswer } from '../sim/serve.js';
import type { Scope } from './upvest-identities.js';
import { jsonAnswer, problem, problemAnswer } from './upvest-problems.js';
import type { UpvestCall, UpvestState } from './upvest-state.js';

const LONGEST = 1_000;

/** POST /auth/token: client credentials for a bearer token. */
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
