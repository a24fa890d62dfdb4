import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { coinsFault } from '../sim/coins.js';
import type { FaultBook } from '../sim/faults.js';
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
  badRequest,
  faultAnswers,
  FORBIDDEN,
  KEY_TERMS,
  noRoute,
  serverError,
  type SignedBybitRequest,
  TOO_FREQUENT,
  tooManyVisits,
} from './bybit-auth.js';
import { coinsBySetting } from './bybit-coins.js';
import { BYBIT_ENDPOINTS, type BybitEndpoint } from './bybit-endpoints.js';
import {
  BYBIT_STATUS_SCRIPTS,
  type BybitState,
  checkSettings,
  DEFAULT_SETTINGS,
  IpGuard,
  limitHeaders,
  PASSING_STATUSES,
} from './bybit-state.js';

const TERMS = {
  statusScripts: BYBIT_STATUS_SCRIPTS,
  endpoints: BYBIT_ENDPOINTS,
  settings: DEFAULT_SETTINGS,
  keys: KEY_TERMS,
  checkSettings,
  passingStatuses: PASSING_STATUSES,
};

export function openBybit(options: SimulationOptions): VenueSimulation {
  const coins = coinsBySetting();
  const { state: common, controls } = openVenue(options, {
    ...TERMS,
    checkTogether: (settings) => coinsFault(coins(settings.coins), settings.balances),
  });
  const limiter = new RateLimiter();
  const state = { ...common, limiter, coins: () => coins(common.settings().coins) };
  const ipGuard = new IpGuard(limiter);
  return {
    ...controls,
    basePath: BASE_PATH,
    basePathOfClients: '', // Bybit's clients write /v5 themselves
    mount: (app) =>
      mountBybit(app, {
        state,
        faults: controls.faults,
        ipGuard,
      }),
    credentials: () => ({ ...API_KEYS[0], uid: ACCOUNT_UID, other_keys: API_KEYS.slice(1) }),
    rateLimited: () => limiter.refusals(),
    reset: () => {
      controls.reset();
      limiter.reset();
      ipGuard.reset();
    },
  };
}

interface BybitApi {
  readonly state: BybitState;
  readonly faults: FaultBook;
  readonly ipGuard: IpGuard;
}

const BASE_PATH = '/v5';

/** Plain routes, because signatures need the raw bytes. */
function mountBybit(app: FastifyInstance, api: BybitApi): void {
  for (const [name, endpoint] of Object.entries(BYBIT_ENDPOINTS)) {
    const [method = '', path = ''] = name.split(' ');
    app.route({
      method,
      url: path.slice(BASE_PATH.length),
      handler: (request, reply) => serve(api, name, endpoint, request, reply),
    });
  }
  app.setNotFoundHandler((_request, reply) => send(reply, noRoute(), api.state.clock));
  answerErrors(app, (reply, isOurs) =>
    send(reply, isOurs ? serverError() : badRequest(), api.state.clock),
  );
}

/**
 * Checks network rules, signature and permission; then rate limit, due fault, and the venue's
 * rules.
 */
function serve(
  api: BybitApi,
  name: string,
  endpoint: BybitEndpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { clock } = api.state;
  const now = clock.now();
  const answerWith = (answer: SimulatedAnswer): void => send(reply, answer, clock);
  const rejection = rejectBeforeApi(api, request, now);
  if (rejection) return answerWith(rejection);
  const wire = readWire(request);
  const signed =
    endpoint.needs && authenticate(api.state.keys, wire, endpoint.needs, clock.ofRequests());
  if (signed?.ok === false) {
    reply.headers(limitOf(api.state, endpoint, now)); // they belong to every answer
    return answerWith(signed.refusal);
  }
  if (!withinLimit(api.state, endpoint, reply, now)) return answerWith(tooManyVisits());

  const call = {
    query: new URLSearchParams(wire.query.replaceAll('+', '%2B')),
    body: wire.body,
    contentType: request.headers['content-type'],
    key: signed?.value ?? null,
  };
  const handle = (goesBack: boolean): SimulatedAnswer =>
    endpoint.handle(api.state, { ...call, now: clock.now(), goesBack });
  const delays = api.state.settings();
  serveEndpoint(
    { request, reply, name, faults: api.faults, delays, send: answerWith },
    handle,
    () => faultAnswers(limitOf(api.state, endpoint, now, exhausted)),
  );
}

/** Rejects before the API: call limit of the IP address, or a GET with a body. */
function rejectBeforeApi(
  { ipGuard, state }: BybitApi,
  request: FastifyRequest,
  now: number,
): SimulatedAnswer | null {
  const { enabled, ip, ip_ban_ms: banMs } = state.settings().rate_limits;
  if (enabled && !ipGuard.admits(request.ip, ip, banMs, now)) return TOO_FREQUENT;
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  return request.method === 'GET' && (length !== '0' || encoding !== undefined) ? FORBIDDEN : null;
}

/** Returns the limit headers of a request not counted against the limit. */
function limitOf(
  { limiter, settings }: BybitState,
  { limit }: BybitEndpoint,
  now: number,
  shown: (verdict: RateVerdict) => RateVerdict = (verdict) => verdict,
): Record<string, string> {
  if (limit === null) return {};
  const verdict = limiter.look(`${limit} ${ACCOUNT_UID}`, settings().rate_limits[limit], now);
  return limitHeaders(shown(verdict), now);
}

function withinLimit(
  { limiter, settings }: BybitState,
  { limit }: BybitEndpoint,
  reply: FastifyReply,
  now: number,
): boolean {
  if (limit === null) return true;
  const { enabled, [limit]: rule } = settings().rate_limits;
  const verdict = enabled
    ? limiter.take(`${limit} ${ACCOUNT_UID}`, rule, now)
    : { allowed: true, limit: rule.requests, remain: rule.requests, resetAt: now };
  reply.headers(limitHeaders(verdict, now));
  return verdict.allowed;
}

function readWire(request: FastifyRequest): SignedBybitRequest & { readonly body: Uint8Array } {
  const {
    'x-bapi-api-key': key,
    'x-bapi-timestamp': timestamp,
    'x-bapi-sign': sign,
    'x-bapi-recv-window': recvWindow,
  } = request.headers;
  return {
    method: request.method,
    query: targetOf(request).query,
    body: postedBody(request),
    headers: { key, timestamp, sign, recvWindow },
  };
}

function send(
  reply: FastifyReply,
  { status, body, contentType = 'application/json', headers = {} }: SimulatedAnswer,
  clock: SimulatedClock,
): void {
  reply
    .code(status)
    .headers(headers)
    .headers({ 'content-type': contentType, traceid: randomUUID().replaceAll('-', '') })
    .send(bodyAt(body, clock.now()));
}
