import { Inject, Injectable } from '@nestjs/common';
import {
  askedPauseMs,
  type Logger,
  RatePlan,
  readVenueTime,
  type ReceivedAnswer,
  TIME_UNKNOWN,
  timeOfAnswer,
  type VenueAnswer,
  VenueClock,
  VenueHttp,
  type VenueRequest,
  type VenueSpeech,
} from '@sluice/connector-engine';
import { isObject } from '@sluice/kernel';
import type { Secret } from '@sluice/runtime';
import { InjectConfig, InjectLogger } from '@sluice/service-shell';
import { signBybit } from '@sluice/signing';
import { RECV_WINDOW_MS } from './bybit.capabilities.js';

const LONGEST_WAIT_MS = 10_000;

/** The part of the rate plan needed by the client. */
@Injectable()
export class BybitPace {
  constructor(
    private readonly ratePlan: RatePlan,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Waits for the endpoint's turn. Returns false if the wait is longer than acceptable. */
  turn(endpoint: string): Promise<boolean> {
    return this.ratePlan.turnWithin(endpoint, LONGEST_WAIT_MS);
  }

  /** Stops all calls for `ms` milliseconds. */
  async silence(ms: number): Promise<void> {
    this.logger.error(
      { silentForMs: ms },
      'Bybit has blocked the IP address of this service: calls are paused until an operator has checked it',
    );
    // A failed write of the pause must not make the outcome unknown.
    await this.ratePlan
      .pauseAll(ms, 'Bybit has blocked the IP address of this service')
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'the database did not store the pause of Bybit calls'),
      );
  }
}

interface BybitAccess {
  readonly apiKey: string;
  readonly apiSecret: Secret;
  readonly submitTimeoutMs: number;
}

/** A 403 is lifted only after ten minutes without any call of ours, by Bybit's page on rate limits. */
export const BAN_MS = 610_000;

const NO_TURN: VenueAnswer = {
  kind: 'not_sent',
  cause: 'Bybit turned us away, and wants to hear nothing for a while',
};

/** Bybit's endpoints. Reads and cancels wait for their turn; submits have the worker's. */
@Injectable()
export class BybitClient {
  constructor(
    @Inject(VenueHttp) private readonly http: Pick<VenueHttp, 'call'>,
    @Inject(VenueClock) readonly clock: Pick<VenueClock, 'earliest' | 'observe'>,
    @InjectConfig() private readonly config: BybitAccess,
    @Inject(BybitPace) private readonly pace: Pick<BybitPace, 'turn' | 'silence'>,
  ) {}

  create(body: string): Promise<VenueAnswer> {
    return this.post('/v5/asset/withdraw/create', body, true);
  }

  async cancel(id: string): Promise<VenueAnswer> {
    if (!(await this.pace.turn('POST /v5/asset/withdraw/cancel'))) return NO_TURN;
    return this.post('/v5/asset/withdraw/cancel', JSON.stringify({ id }), false);
  }

  queryRecord(query: URLSearchParams): Promise<VenueAnswer> {
    return this.get('/v5/asset/withdraw/query-record', query);
  }

  queryAddress(query: URLSearchParams): Promise<VenueAnswer> {
    return this.get('/v5/asset/withdraw/query-address', query);
  }

  coinsBalance(query: URLSearchParams): Promise<VenueAnswer> {
    return this.get('/v5/asset/transfer/query-account-coins-balance', query);
  }

  /** GET /v5/user/query-api: rights of the calling key. */
  keyInfo(): Promise<VenueAnswer> {
    return this.get('/v5/user/query-api');
  }

  /** GET /v5/market/time (public): reads the venue's clock; false if unreadable. */
  async readClock(): Promise<boolean> {
    if (!(await this.pace.turn('GET /v5/market/time'))) return false;
    return readVenueTime(this.clock, async () => {
      const answer = await this.send({
        method: 'GET',
        path: '/v5/market/time',
        headers: { Accept: 'application/json' },
        timeoutMs: this.config.submitTimeoutMs,
      });
      return answer.kind === 'answer' && answer.status === 200 && isObject(answer.json)
        ? answer.json['time']
        : undefined;
    });
  }

  private async get(path: string, parameters = new URLSearchParams()): Promise<VenueAnswer> {
    if (!(await this.pace.turn(`GET ${path}`))) return NO_TURN;
    const query = parameters.toString(); // signed as sent: encoded, in this order
    const signed = this.sign({ method: 'GET', query, body: '' });
    if (signed === null) return TIME_UNKNOWN;
    return this.send({
      method: 'GET',
      path: query === '' ? path : `${path}?${query}`,
      headers: signed, // no content type: a GET with a body, even an empty body, gets 403
      timeoutMs: this.config.submitTimeoutMs,
    });
  }

  private post(path: string, body: string, pays: boolean): Promise<VenueAnswer> {
    const signed = this.sign({ method: 'POST', query: '', body });
    if (signed === null) return Promise.resolve(TIME_UNKNOWN);
    const timeoutMs = this.config.submitTimeoutMs;
    return this.send({
      method: 'POST',
      path,
      headers: { ...signed, 'Content-Type': 'application/json' },
      body,
      timeoutMs,
      pays,
    });
  }

  /**
   * Signs with the earliest venue time: Bybit rejects a timestamp a second ahead. Null without a
   * time.
   */
  private sign(request: {
    method: string;
    query: string;
    body: string;
  }): Record<string, string> | null {
    const now = this.clock.earliest();
    if (now === null) return null;
    const { apiKey } = this.config;
    const apiSecret = this.config.apiSecret.reveal();
    const timestamp = String(now.getTime());
    const recvWindow = String(RECV_WINDOW_MS);
    return {
      Accept: 'application/json',
      'X-BAPI-API-KEY': apiKey,
      'X-BAPI-TIMESTAMP': timestamp,
      'X-BAPI-RECV-WINDOW': recvWindow,
      'X-BAPI-SIGN': signBybit(apiSecret, { ...request, apiKey, timestamp, recvWindow }),
      'X-BAPI-SIGN-TYPE': '2',
    };
  }

  private async send(request: VenueRequest): Promise<VenueAnswer> {
    const [path = ''] = request.path.split('?', 1);
    const endpoint = `${request.method} ${path}`;
    const answer = await this.http.call({ ...request, endpoint, speech: BYBIT_SPEECH });
    if (isBlocked(answer)) await this.pace.silence(BAN_MS);
    return answer;
  }
}

/** Returns `retCode` of the envelope as text; null for an answer without `retCode`. */
export function codeOf(answer: VenueAnswer): string | null {
  return answer.kind === 'answer' ? retCodeOf(answer.json) : null;
}

/** True for Bybit's own block of our IP address; the page of a CDN with the same status is none. */
export function isBlocked(answer: VenueAnswer): boolean {
  if (answer.kind !== 'answer' && answer.kind !== 'broken') return false;
  const { status, text } = answer;
  return (
    status !== null &&
    isIpBlock({ status, text, json: answer.kind === 'answer' ? answer.json : null })
  );
}

/** `result` of a success, by `retCode` 0 only; null otherwise. */
export function resultOf(answer: VenueAnswer): Readonly<Record<string, unknown>> | null {
  if (
    answer.kind !== 'answer' ||
    answer.status !== 200 ||
    codeOf(answer) !== '0' ||
    !isObject(answer.json)
  )
    return null;
  return isObject(answer.json['result']) ? answer.json['result'] : null;
}

const TOO_MANY_MS = 1_000;
const LONGEST_OWN_PAUSE_MS = 60_000;
const LIMITED = new Set(['10006', '10018', '429']);

/** Bybit answers in an envelope with `retCode`; a refused key with an empty 401, and an IP block with a line of text. */
const BYBIT_SPEECH: VenueSpeech = {
  isOwn: ({ status, text, json }) =>
    retCodeOf(json) !== null ||
    (status === 401 && text.trim() === '') ||
    (status === 403 && isBlockText(text)),
  limitedMs: (answer) => {
    const code = retCodeOf(answer.json);
    const isLimit = answer.status === 429 || (code !== null && LIMITED.has(code));
    return isLimit ? pauseOf(answer, TOO_MANY_MS) : null;
  },
};

/** `retCode` of an envelope as text; null without an envelope. */
function retCodeOf(json: unknown): string | null {
  return isObject(json) && Number.isInteger(json['retCode']) ? String(json['retCode']) : null;
}

/** True for Bybit's own block of our IP address, by the page on rate limits: "403, access too frequent". */
function isIpBlock({
  status,
  text,
  json,
}: Pick<ReceivedAnswer, 'status' | 'text' | 'json'>): boolean {
  return status === 403 && (retCodeOf(json) !== null || isBlockText(text));
}

/** `X-Bapi-Limit-Reset-Timestamp` in milliseconds, against the time of the same answer, or `Retry-After`. */
export function pauseOf(answer: Pick<ReceivedAnswer, 'headers'>, leastMs: number): number {
  const { 'x-bapi-limit-reset-timestamp': reset } = answer.headers;
  const answeredAt = timeOfAnswer(answer);
  const untilReset =
    typeof reset === 'string' && /^\d{13}$/.test(reset) && answeredAt !== null
      ? Number(reset) - answeredAt
      : 0;
  return askedPauseMs(answer.headers, leastMs, Math.min(untilReset, LONGEST_OWN_PAUSE_MS));
}

function isBlockText(text: string): boolean {
  return /^\s*(403\b\W*)?access too frequent\b/i.test(text);
}
