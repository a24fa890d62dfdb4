import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { coinsFault } from '../sim/coins.js';
import type { EndpointKind, FaultBook } from '../sim/faults.js';
import { openVenue, type SimulationOptions, type VenueSimulation } from '../sim/open-venue.js';
import {
  answerErrors,
  bodyAt,
  exhausted,
  postedBody,
  RateLimiter,
  type RateVerdict,
  serveEndpoint,
  type SimulatedAnswer,
  targetOf,
} from '../sim/serve.js';
import type { SimulatedClock } from '../sim/venue-clock.js';
import {
  ACCOUNT_UID,
  API_KEYS,
  authenticate,
  errorAnswer,
  faultAnswers,
  type GateioPermission,
  KEY_TERMS,
  SERVER_ERROR,
  type SignedGateioRequest,
  TOO_MANY_REQUESTS,
} from './gateio-auth.js';
import { cancel, listPushes, listWithdrawals } from './gateio-records.js';
import { currenciesBySetting } from './gateio-currencies.js';
import { push, withdraw } from './gateio-withdraw.js';
import {
  checkSettings,
  DEFAULT_SETTINGS,
  GATEIO_STATUS_SCRIPTS,
  type GateioCall,
  type GateioState,
  PASSING_STATUSES,
} from './gateio-state.js';
import {
  accountDetail,
  emptyList,
  listChains,
  listCurrencies,
  listMainKeys,
  listSavedAddresses,
  listSpotAccounts,
  listWithdrawStatus,
  serverTime,
  showCurrency,
  totalBalance,
} from './gateio-wallet.js';

interface GateioEndpoint {
  readonly kind: EndpointKind;
  /** `public`: unsigned; `any`: signed by any key. */
  readonly access: GateioPermission | 'any' | 'public';
  readonly handle: (state: GateioState, call: GateioCall) => SimulatedAnswer;
}

const market: GateioEndpoint = { kind: 'read', access: 'public', handle: emptyList };

/** Endpoints by method and path below /api/v4; the control API uses the same names. */
const GATEIO_ENDPOINTS: Readonly<Record<string, GateioEndpoint>> = {
  'POST /withdrawals': { kind: 'pay', access: 'withdrawal', handle: withdraw },
  'POST /withdrawals/push': { kind: 'pay', access: 'withdrawal', handle: push },
  'DELETE /withdrawals/{id}': { kind: 'cancel', access: 'withdrawal', handle: cancel },
  'GET /wallet/withdrawals': { kind: 'list', access: 'wallet', handle: listWithdrawals },
  'GET /wallet/push': { kind: 'list', access: 'wallet', handle: listPushes },
  'GET /wallet/deposits': { kind: 'list', access: 'wallet', handle: emptyList },
  'GET /wallet/withdraw_status': { kind: 'read', access: 'wallet', handle: listWithdrawStatus },
  'GET /wallet/saved_address': { kind: 'read', access: 'wallet', handle: listSavedAddresses },
  'GET /wallet/currency_chains': { kind: 'read', access: 'public', handle: listChains },
  'GET /wallet/total_balance': { kind: 'read', access: 'wallet', handle: totalBalance },
  'GET /spot/accounts': { kind: 'read', access: 'spot', handle: listSpotAccounts },
  'GET /spot/time': { kind: 'read', access: 'public', handle: serverTime },
  'GET /spot/currencies/{currency}': { kind: 'read', access: 'public', handle: showCurrency },
  'GET /spot/currencies': { kind: 'read', access: 'public', handle: listCurrencies },
  'GET /account/detail': { kind: 'read', access: 'any', handle: accountDetail },
  'GET /account/main_keys': { kind: 'read', access: 'any', handle: listMainKeys },
  'GET /spot/currency_pairs': market,
  'GET /margin/currency_pairs': market,
  'GET /futures/usdt/contracts': market,
  'GET /futures/btc/contracts': market,
  'GET /delivery/usdt/contracts': market,
  'GET /options/underlyings': market,
};

const TERMS = {
  statusScripts: GATEIO_STATUS_SCRIPTS,
  endpoints: GATEIO_ENDPOINTS,
  settings: DEFAULT_SETTINGS,
  keys: KEY_TERMS,
  checkSettings,
  passingStatuses: PASSING_STATUSES,
};

export function openGateio(options: SimulationOptions): VenueSimulation {
  const currencies = currenciesBySetting();
  const { state: common, controls } = openVenue(options, {
    ...TERMS,
    checkTogether: ({ coins, balances }) => coinsFault(currencies(coins), balances),
  });
  const state = { ...common, currencies: () => currencies(common.settings().coins) };
  const limiter = new RateLimiter();
  return {
    ...controls,
    basePath: '/api/v4',
    mount: (app) => mountGateio(app, { state, faults: controls.faults, limiter }),
    credentials: () => ({ ...API_KEYS[0], uid: ACCOUNT_UID, other_keys: API_KEYS.slice(1) }),
    rateLimited: () => limiter.refusals(),
    reset: () => {
      controls.reset();
      limiter.reset();
    },
  };
}

interface GateioApi {
  readonly state: GateioState;
  readonly faults: FaultBook;
  readonly limiter: RateLimiter;
}

/** Plain routes, because signatures need the raw bytes. */
function mountGateio(app: FastifyInstance, api: GateioApi): void {
  for (const [name, endpoint] of Object.entries(GATEIO_ENDPOINTS)) {
    const [method = '', path = ''] = name.split(' ');
    app.route({
      method,
      url: path.replace(/\{\w+\}/, ':id'),
      handler: (request, reply) => serve(api, name, endpoint, request, reply),
    });
  }
  app.setNotFoundHandler((_request, reply) =>
    send(reply, errorAnswer({ label: 'NOT_FOUND', message: 'Not found' }), api.state.clock),
  );
  const malformed = errorAnswer({ label: 'INVALID_REQUEST_BODY', message: 'Invalid request body' });
  answerErrors(app, (reply, isOurs) =>
    send(reply, isOurs ? SERVER_ERROR : malformed, api.state.clock),
  );
}

/** Checks signature and permission; then rate limit, due fault, and the venue's rules. */
function serve(
  api: GateioApi,
  name: string,
  endpoint: GateioEndpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { clock } = api.state;
  const now = clock.now();
  const wire = readWire(request);
  const signed =
    endpoint.access === 'public'
      ? null
      : authenticate(
          api.state.keys,
          wire,
          endpoint.access === 'any' ? null : endpoint.access,
          clock.ofRequests(),
        );
  if (signed?.ok === false) return send(reply, errorAnswer(signed.refusal), clock, now);

  const delays = api.state.settings();
  const { rate_limits: limits } = delays;
  const limit = limits[limitOf(name, endpoint)];
  const client = `${name} ${endpoint.access === 'public' ? request.ip : ACCOUNT_UID}`;
  if (limits.enabled) {
    const verdict = api.limiter.take(client, limit, now);
    reply.headers(rateHeaders(verdict));
    if (!verdict.allowed) return send(reply, TOO_MANY_REQUESTS, clock, now);
  }

  const call = {
    query: new URLSearchParams(wire.query),
    body: wire.body,
    id: idOf(request),
    contentType: request.headers['content-type'],
    key: signed?.value ?? null,
  };
  const handle = (goesBack: boolean): SimulatedAnswer =>
    endpoint.handle(api.state, { ...call, now: clock.now(), goesBack });
  serveEndpoint(
    {
      request,
      reply,
      name,
      faults: api.faults,
      delays,
      send: (answer) => send(reply, answer, clock, now),
    },
    handle,
    () => faultAnswers(rateHeaders(exhausted(api.limiter.look(client, limit, now)))),
  );
}

function readWire(request: FastifyRequest): SignedGateioRequest & { readonly body: Uint8Array } {
  const { key, timestamp, sign } = request.headers;
  return {
    method: request.method,
    ...targetOf(request),
    body: postedBody(request),
    headers: { key, timestamp, sign },
  };
}

function send(
  reply: FastifyReply,
  { status, body, contentType = 'application/json', headers: own = {} }: SimulatedAnswer,
  clock: SimulatedClock,
  inTime = clock.now(),
): void {
  const headers = {
    ...own,
    'content-type': contentType,
    'x-in-time': inTime * 1000,
    'x-out-time': clock.now() * 1000,
    'x-gate-trace-id': randomUUID().replaceAll('-', ''),
  };
  reply.code(status).headers(headers).send(bodyAt(body, clock.now()));
}

function limitOf(name: string, { access }: GateioEndpoint): 'withdrawals' | 'public' | 'private' {
  if (name === 'POST /withdrawals') return 'withdrawals';
  return access === 'public' ? 'public' : 'private';
}

function rateHeaders({ limit, remain, resetAt }: RateVerdict): Record<string, string> {
  return {
    'x-gate-ratelimit-limit': `${limit}`,
    'x-gate-ratelimit-requests-remain': `${remain}`,
    'x-gate-ratelimit-reset-timestamp': `${Math.ceil(resetAt / 1000)}`,
  };
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id?: string }).id ?? '';
}
