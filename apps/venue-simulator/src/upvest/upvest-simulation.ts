import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ok, type Result } from '@sluice/kernel';
import type { UpvestMessage } from '@sluice/signing';
import type { EndpointKind, FaultBook } from '../sim/faults.js';
import { openVenue, type SimulationOptions, type VenueSimulation } from '../sim/open-venue.js';
import {
  answerErrors,
  bodyAt,
  bodyOf,
  RateLimiter,
  serveEndpoint,
  type SimulatedAnswer,
  targetOf,
} from '../sim/serve.js';
import type { SimulatedClock } from '../sim/venue-clock.js';
import {
  cashBalance,
  getReferenceAccount,
  getWithdrawal,
  listReferenceAccounts,
  listWithdrawals,
} from './upvest-reads.js';
import { checkSignature, checkToken, issueToken, NonceBook } from './upvest-auth.js';
import { cancel, withdraw } from './upvest-withdraw.js';
import {
  CLIENTS,
  KEY_TERMS,
  type OwnClient,
  type Scope,
  TokenBook,
  type UpvestIdentity,
  USERS,
  WEBHOOK_KEY,
} from './upvest-identities.js';
import {
  checkSettings,
  DEFAULT_SETTINGS,
  faultAnswers,
  PASSING_STATUSES,
  problem,
  type Problem,
  problemAnswer,
  TOO_MANY_REQUESTS,
  UPVEST_STATUS_SCRIPTS,
  type UpvestCall,
  type UpvestState,
} from './upvest-state.js';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  listWebhooks,
  WebhookSender,
} from './upvest-webhooks.js';

interface UpvestEndpoint {
  readonly kind: EndpointKind;
  /** Accepted scopes, each sufficient alone; null: signed, but without a token. */
  readonly scopes: readonly Scope[] | null;
  readonly handle: (state: UpvestState, call: UpvestCall) => SimulatedAnswer;
}

const READ: readonly Scope[] = ['payments:read', 'payments:admin'];
const ACCOUNTS: readonly Scope[] = ['reference_accounts:read', 'reference_accounts:admin'];

/** Endpoints by method and path; the control API uses the same names. */
const UPVEST_ENDPOINTS: Readonly<Record<string, UpvestEndpoint>> = {
  'POST /auth/token': { kind: 'read', scopes: null, handle: issueToken },
  'POST /payments/withdrawals': { kind: 'pay', scopes: ['payments:admin'], handle: withdraw },
  'GET /payments/withdrawals/{id}': { kind: 'list', scopes: READ, handle: getWithdrawal },
  'DELETE /payments/withdrawals/{id}': {
    kind: 'cancel',
    scopes: ['payments:admin'],
    handle: cancel,
  },
  'GET /account_groups/{id}/payments/withdrawals': {
    kind: 'list',
    scopes: READ,
    handle: listWithdrawals,
  },
  'GET /account_groups/{id}/payments/cash_balance': {
    kind: 'read',
    scopes: READ,
    handle: cashBalance,
  },
  'GET /users/{id}/payments/reference_accounts': {
    kind: 'read',
    scopes: ACCOUNTS,
    handle: listReferenceAccounts,
  },
  'GET /payments/reference_accounts/{id}': {
    kind: 'read',
    scopes: ACCOUNTS,
    handle: getReferenceAccount,
  },
  'POST /webhooks': { kind: 'read', scopes: ['webhooks:admin'], handle: createWebhook },
  'GET /webhooks': {
    kind: 'read',
    scopes: ['webhooks:read', 'webhooks:admin'],
    handle: listWebhooks,
  },
  'PATCH /webhooks/{id}': { kind: 'read', scopes: ['webhooks:admin'], handle: changeWebhook },
  'DELETE /webhooks/{id}': { kind: 'read', scopes: ['webhooks:admin'], handle: deleteWebhook },
};

const TERMS = {
  statusScripts: UPVEST_STATUS_SCRIPTS,
  endpoints: UPVEST_ENDPOINTS,
  settings: DEFAULT_SETTINGS,
  keys: KEY_TERMS,
  checkSettings,
  passingStatuses: PASSING_STATUSES,
};

export function openUpvest(options: SimulationOptions): VenueSimulation {
  const { state, controls, beforeEach } = openVenue(options, TERMS);
  const [limiter, nonces, tokens] = [new RateLimiter(), new NonceBook(), new TokenBook()];
  const webhooks = new WebhookSender(state.book, state.settings, state.clock);
  beforeEach((fact) => fact.t === 'settings' && webhooks.notice()); // a webhook is enabled by a setting
  return {
    ...controls,
    basePath: '',
    mount: (app) =>
      mountUpvest(app, {
        state: { ...state, tokens },
        faults: controls.faults,
        limiter,
        nonces,
      }),
    credentials,
    rateLimited: () => limiter.refusals(),
    reset: () => {
      const { token_generation: generation } = state.settings();
      controls.reset();
      tokens.carryOver(generation, state.settings().token_generation);
      for (const memory of [limiter, nonces, webhooks]) memory.reset();
    },
    close: () => {
      webhooks.close();
      controls.close();
    },
  };
}

function credentials(): Readonly<Record<string, unknown>> {
  const [main, ...others] = CLIENTS.map(shown);
  const webhookPublicKey = WEBHOOK_KEY.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    ...main,
    ...USERS[0],
    other_users: USERS.slice(1),
    other_clients: others,
    webhook_key_id: WEBHOOK_KEY.key_id,
    webhook_public_key: webhookPublicKey,
  };
}

function shown({ name, client_id, client_secret, scopes, keys }: OwnClient): object {
  const [main, ...others] = keys.map(({ key_id, privateKeyPem }) => ({
    key_id,
    private_key: privateKeyPem,
  }));
  return { name, client_id, client_secret, ...main, scopes, other_keys: others };
}

interface UpvestApi {
  readonly state: UpvestState;
  readonly faults: FaultBook;
  readonly limiter: RateLimiter;
  readonly nonces: NonceBook;
}

const ACCEPTED = /(^|[\s,])(\*\/\*|application\/\*|application\/json)\s*(;|,|$)/i;

/** Plain routes at the root, because the signature covers the path. */
function mountUpvest(app: FastifyInstance, api: UpvestApi): void {
  for (const [name, endpoint] of Object.entries(UPVEST_ENDPOINTS)) {
    const [method = '', path = ''] = name.split(' ');
    app.route({
      method,
      url: path.replace('{id}', ':id'),
      handler: (request, reply) => serve(api, name, endpoint, request, reply),
    });
  }
  // A route, because the root's not-found handler belongs to the application.
  app.all('/*', (_request, reply) => {
    const requestId = randomUUID();
    const answer = problemAnswer(problem('not_found', 'There is no such path'), requestId);
    send(reply, answer, requestId, api.state.clock);
  });
  answerErrors(app, (reply, isOurs) => {
    const answer = isOurs
      ? problem('internal', 'Something went wrong on our side')
      : problem('invalid_request', 'The request is malformed');
    const requestId = randomUUID();
    send(reply, problemAnswer(answer, requestId), requestId, api.state.clock);
  });
}

/** Checks signature, token and scope; then rate limit, due fault, and the venue's rules. */
function serve(
  api: UpvestApi,
  name: string,
  endpoint: UpvestEndpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const requestId = randomUUID();
  const settings = api.state.settings();
  const { clock } = api.state;
  const answerWith = (answer: SimulatedAnswer): void => send(reply, answer, requestId, clock);
  const message = readMessage(request);
  const refuse = (why: Problem): void => answerWith(problemAnswer(why, requestId));

  const client = authenticate(api, endpoint, message);
  if (!client.ok) return refuse(client.refusal);
  const { rate_limits: limits, server_error } = settings;
  if (limits.enabled && !api.limiter.take(client.value.client_id, limits, clock.now()).allowed)
    return refuse(TOO_MANY_REQUESTS);
  if (!ACCEPTED.test(message.headers['accept'] ?? '*/*'))
    return refuse(problem('not_acceptable', 'Only application/json can be answered'));

  let answered: SimulatedAnswer | null = null;
  const handle = (goesBack: boolean): SimulatedAnswer =>
    (answered = endpoint.handle(
      api.state,
      callOf(request, message, { client: client.value, requestId, now: clock.now(), goesBack }),
    ));
  const cut = (): boolean => {
    if (answered === null || settings.cut_sends !== 'half_the_body') return false;
    sendHalf(request, reply, answered, clock.now());
    return true;
  };
  serveEndpoint(
    { request, reply, name, faults: api.faults, delays: settings, send: answerWith, cut },
    handle,
    () => faultAnswers(server_error, requestId),
  );
}

function authenticate(
  api: UpvestApi,
  endpoint: UpvestEndpoint,
  message: UpvestMessage,
): Result<UpvestIdentity, Problem> {
  const { state, nonces } = api;
  const { clock } = state;
  const settings = state.settings();
  const client = checkSignature(
    state.keys,
    message,
    settings.signature,
    nonces,
    clock.ofRequests(),
  );
  if (!client.ok || endpoint.scopes === null) return client;
  const token = checkToken(client.value, message.headers['authorization'], endpoint.scopes, {
    tokens: state.tokens,
    generation: settings.token_generation,
    now: clock.now(),
  });
  return token.ok ? ok(client.value) : token;
}

function readMessage(request: FastifyRequest): UpvestMessage & { readonly body: Uint8Array } {
  const headers = Object.entries(request.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value] as const,
  );
  return {
    method: request.method,
    ...targetOf(request),
    headers: Object.fromEntries(headers),
    body: bodyOf(request),
  };
}

function callOf(
  request: FastifyRequest,
  message: UpvestMessage & { readonly body: Uint8Array },
  context: Pick<UpvestCall, 'client' | 'requestId' | 'now' | 'goesBack'>,
): UpvestCall {
  const id = ((request.params as { id?: string }).id ?? '').toLowerCase();
  const { headers, body } = message;
  return { ...context, query: new URLSearchParams(message.query), body, id, headers };
}

/** Sends half of an answer and closes the socket. */
function sendHalf(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body }: SimulatedAnswer,
  now: number,
): void {
  reply.hijack();
  const { socket } = request.raw;
  const text = bodyAt(body, now);
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const head = `HTTP/1.1 ${status} OK\r\ncontent-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head), bytes.subarray(0, bytes.length >> 1)]), () =>
    socket.destroy(),
  );
}

function send(
  reply: FastifyReply,
  { status, body, contentType = 'application/json', headers = {} }: SimulatedAnswer,
  requestId: string,
  clock: SimulatedClock,
): void {
  reply.code(status).headers(headers).header('upvest-request-id', requestId);
  if (body === '') void reply.send();
  else void reply.header('content-type', contentType).send(bodyAt(body, clock.now()));
}
