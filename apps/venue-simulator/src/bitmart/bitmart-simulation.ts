import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { coinsFault } from '../sim/coins.js';
import type { EndpointKind, FaultBook } from '../sim/faults.js';
import { openVenue, type SimulationOptions, type VenueSimulation } from '../sim/open-venue.js';
import {
  answerErrors,
  bodyAt,
  postedBody,
  type RateLimit,
  RateLimiter,
  serveEndpoint,
  type SimulatedAnswer,
  targetOf,
} from '../sim/serve.js';
import type { SimulatedClock } from '../sim/venue-clock.js';
import {
  type AccessRule,
  ACCOUNT_CID,
  API_KEYS,
  authenticate,
  errorAnswer,
  faultAnswers,
  KEY_TERMS,
} from './bitmart-auth.js';
import { currenciesBySetting } from './bitmart-currencies.js';
import {
  emptyMarkets,
  listAddresses,
  listCurrencies,
  listHistory,
  listServices,
  listSpotCurrencies,
  showCharge,
  showDetail,
  showSpotWallet,
  showTime,
  showWallet,
} from './bitmart-reads.js';
import {
  BITMART_STATUS_SCRIPTS,
  type BitmartCall,
  type BitmartLimit,
  type BitmartState,
  checkSettings,
  DEFAULT_SETTINGS,
  PASSING_STATUSES,
} from './bitmart-state.js';
import { withdraw } from './bitmart-withdraw.js';

interface BitmartEndpoint {
  readonly kind: EndpointKind;
  /** Null: public, limited by address instead of by key. */
  readonly access: AccessRule | null;
  readonly limit: BitmartLimit;
  readonly handle: (state: BitmartState, call: BitmartCall) => SimulatedAnswer;
}

const KEYED: AccessRule = { level: 'keyed', withdraws: false, subAccount: null };

/** Endpoints by method and path; the control API uses the same names. */
const BITMART_ENDPOINTS: Readonly<Record<string, BitmartEndpoint>> = {
  'POST /account/v1/withdraw/apply': {
    kind: 'pay',
    access: { level: 'signed', withdraws: true, subAccount: 60054 },
    limit: 'apply',
    handle: withdraw,
  },
  'GET /account/v2/deposit-withdraw/history': {
    kind: 'list',
    access: KEYED,
    limit: 'history',
    handle: listHistory,
  },
  'GET /account/v1/deposit-withdraw/detail': {
    kind: 'list',
    access: KEYED,
    limit: 'detail',
    handle: showDetail,
  },
  'GET /account/v1/withdraw/charge': {
    kind: 'read',
    access: { level: 'keyed', withdraws: true, subAccount: 60026 },
    limit: 'charge',
    handle: showCharge,
  },
  'GET /account/v1/currencies': {
    kind: 'read',
    access: null,
    limit: 'currencies',
    handle: listCurrencies,
  },
  'GET /account/v1/wallet': { kind: 'read', access: KEYED, limit: 'wallet', handle: showWallet },
  'GET /account/v1/withdraw/address/list': {
    kind: 'read',
    access: KEYED,
    limit: 'address_list',
    handle: listAddresses,
  },
  'GET /system/time': { kind: 'read', access: null, limit: 'system', handle: showTime },
  'GET /system/service': { kind: 'read', access: null, limit: 'system', handle: listServices },
  'GET /spot/v1/wallet': { kind: 'read', access: KEYED, limit: 'other', handle: showSpotWallet },
  'GET /spot/v1/currencies': {
    kind: 'read',
    access: null,
    limit: 'other',
    handle: listSpotCurrencies,
  },
  'GET /spot/v1/symbols/details': {
    kind: 'read',
    access: null,
    limit: 'other',
    handle: emptyMarkets,
  },
  'GET /contract/public/details': {
    kind: 'read',
    access: null,
    limit: 'other',
    handle: emptyMarkets,
  },
};

/** Error code for a wrong method of a known path, or an unknown path. */
function unexpectedCode(path: string): 30000 | 60030 {
  return Object.keys(BITMART_ENDPOINTS).some((name) => name.endsWith(` ${path}`)) ? 60030 : 30000;
}

const TERMS = {
  statusScripts: BITMART_STATUS_SCRIPTS,
  endpoints: BITMART_ENDPOINTS,
  settings: DEFAULT_SETTINGS,
  keys: KEY_TERMS,
  checkSettings,
  passingStatuses: PASSING_STATUSES,
};

export function openBitmart(options: SimulationOptions): VenueSimulation {
  const currencies = currenciesBySetting();
  const { state: common, controls } = openVenue(options, {
    ...TERMS,
    checkTogether: ({ coins, balances }) => coinsFault(currencies(coins), balances),
  });
  const state = { ...common, currencies: () => currencies(common.settings().coins) };
  const limiter = new RateLimiter();
  const gatekeeper = new Gatekeeper(limiter);
  return {
    ...controls,
    basePath: '',
    mount: (app) => mountBitmart(app, { state, faults: controls.faults, gatekeeper }),
    credentials: () => ({ ...API_KEYS[0], cid: ACCOUNT_CID, other_keys: API_KEYS.slice(1) }),
    rateLimited: () => limiter.refusals(),
    reset: () => {
      controls.reset();
      gatekeeper.reset();
    },
  };
}

interface BitmartApi {
  readonly state: BitmartState;
  readonly faults: FaultBook;
  readonly gatekeeper: Gatekeeper;
}

/** Plain Fastify routes: the signature needs the raw bytes. */
function mountBitmart(app: FastifyInstance, api: BitmartApi): void {
  for (const [name, endpoint] of Object.entries(BITMART_ENDPOINTS)) {
    const [method = '', url = ''] = name.split(' ');
    app.route({
      method,
      url,
      exposeHeadRoute: false,
      handler: (request, reply) => serve(api, name, endpoint, request, reply),
    });
  }
  // A route, because the root's not-found handler belongs to the application.
  app.all('/*', (request, reply) =>
    send(reply, errorAnswer({ code: unexpectedCode(targetOf(request).path) }), api.state.clock),
  );
  answerErrors(app, (reply, isOurs) =>
    send(reply, errorAnswer({ code: isOurs ? 60051 : 60000 }), api.state.clock),
  );
}

/** Checks key, signature and permission; then rate limit, due fault, and the venue's rules. */
function serve(
  api: BitmartApi,
  name: string,
  endpoint: BitmartEndpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { clock } = api.state;
  const now = clock.now();
  const answerWith = (answer: SimulatedAnswer): void => send(reply, answer, clock);
  const body = postedBody(request);
  const client = clientOf(api.state, endpoint, request, body);
  if ('status' in client) return answerWith(client);

  const delays = api.state.settings();
  const { rate_limits: limits, ban } = delays;
  const limit = limits[endpoint.limit];
  if (limits.enabled) {
    const { verdict, headers } = api.gatekeeper.admit(name, client, limit, ban, now);
    reply.headers(headers);
    if (verdict !== 'admitted')
      return answerWith(errorAnswer({ code: verdict === 'banned' ? 30017 : 30013 }));
  }

  const query = new URLSearchParams(targetOf(request).query);
  const handle = (goesBack: boolean): SimulatedAnswer =>
    endpoint.handle(api.state, { query, body, now: clock.now(), goesBack });
  serveEndpoint(
    { request, reply, name, faults: api.faults, delays, send: answerWith },
    handle,
    () => faultAnswers(rateHeaders(limit, limit.requests, client.mode)),
  );
}

/** Returns the client for rate limits, or the refusal. */
function clientOf(
  { keys, clock }: BitmartState,
  endpoint: BitmartEndpoint,
  request: FastifyRequest,
  body: Uint8Array,
): LimitedClient | SimulatedAnswer {
  if (!endpoint.access) return { id: request.ip, mode: 'IP' };
  if (
    request.method === 'POST' &&
    !/^application\/json\b/i.test(request.headers['content-type'] ?? '')
  )
    return errorAnswer({ code: 60031 });
  const { 'x-bm-key': key, 'x-bm-timestamp': timestamp, 'x-bm-sign': sign } = request.headers;
  const admitted = authenticate(
    keys,
    { key, timestamp, sign },
    body,
    endpoint.access,
    clock.ofRequests(),
  );
  if (!admitted.ok) return errorAnswer(admitted.refusal);
  const mode = endpoint.access.level === 'signed' ? 'UID' : 'KEY';
  return { id: admitted.value.api_key, mode };
}

function send(
  reply: FastifyReply,
  { status, body, contentType = 'application/json', headers = {} }: SimulatedAnswer,
  clock: SimulatedClock,
): void {
  reply
    .code(status)
    .headers(headers)
    .header('content-type', contentType)
    .send(bodyAt(body, clock.now()));
}

interface Admission {
  /** `too_fast`: over the limit. `banned`: the client continued after refusals. */
  readonly verdict: 'admitted' | 'too_fast' | 'banned';
  readonly headers: Readonly<Record<string, string>>;
}

interface LimitedClient {
  readonly id: string;
  /** Kind of identification used by the venue. */
  readonly mode: 'IP' | 'KEY' | 'UID';
}

interface Offence {
  refused: number;
  bannedUntil: number;
}

function rateHeaders(
  limit: RateLimit,
  used: number,
  mode: LimitedClient['mode'],
): Readonly<Record<string, string>> {
  return {
    'x-bm-ratelimit-limit': `${limit.requests}`,
    'x-bm-ratelimit-remaining': `${used}`, // the venue sends the used count under this name
    'x-bm-ratelimit-reset': `${Math.ceil(limit.per_ms / 1000)}`,
    'x-bm-ratelimit-mode': mode,
  };
}

/** Applies the rate limits, and bans clients after repeated 429 answers. */
class Gatekeeper {
  private readonly offences = new Map<string, Offence>();

  constructor(private readonly limiter: RateLimiter) {}

  admit(
    endpoint: string,
    client: LimitedClient,
    limit: RateLimit,
    ban: { after: number; for_ms: number },
    now: number,
  ): Admission {
    const offence = this.offences.get(client.id) ?? { refused: 0, bannedUntil: 0 };
    if (now < offence.bannedUntil) return { verdict: 'banned', headers: {} };
    const { allowed, remain } = this.limiter.take(`${endpoint} ${client.id}`, limit, now);
    const headers = rateHeaders(limit, limit.requests - remain, client.mode);
    if (allowed) {
      this.offences.delete(client.id);
      return { verdict: 'admitted', headers };
    }
    offence.refused++;
    if (offence.refused >= ban.after) offence.bannedUntil = now + ban.for_ms;
    this.offences.set(client.id, offence);
    return { verdict: 'too_fast', headers };
  }

  reset(): void {
    this.offences.clear();
    this.limiter.reset();
  }
}
