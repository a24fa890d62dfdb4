import { Inject, Injectable } from '@nestjs/common';
import {
  askedPauseMs,
  pathPrefix,
  RatePlan,
  readVenueTime,
  type ReceivedAnswer,
  TIME_UNKNOWN,
  type VenueAnswer,
  VenueClock,
  VenueHttp,
  type VenueRequest,
  type VenueSpeech,
} from '@sluice/connector-engine';
import { isObject } from '@sluice/kernel';
import type { Secret } from '@sluice/runtime';
import { InjectConfig } from '@sluice/service-shell';
import { signBitmart } from '@sluice/signing';

interface BitmartAccess {
  readonly apiKey: string;
  readonly apiSecret: Secret;
  readonly memo: Secret;
  readonly baseUrl: string;
  readonly submitTimeoutMs: number;
}

/** BitMart's endpoints, unchanged. Reads wait for a rate slot; submits have the worker's. */
@Injectable()
export class BitmartClient {
  /** Path of the base URL; part of every request path. */
  private readonly prefix: string;

  constructor(
    @Inject(VenueHttp) private readonly http: Pick<VenueHttp, 'call'>,
    @Inject(VenueClock) readonly clock: Pick<VenueClock, 'earliest' | 'observe'>,
    @InjectConfig() private readonly config: BitmartAccess,
    @Inject(RatePlan) private readonly ratePlan: Pick<RatePlan, 'turn'>,
  ) {
    this.prefix = pathPrefix(config.baseUrl);
  }

  /** POST /account/v1/withdraw/apply, signed over exactly this body. */
  apply(body: string): Promise<VenueAnswer> {
    const { apiKey, submitTimeoutMs } = this.config;
    const [apiSecret, memo] = [this.config.apiSecret.reveal(), this.config.memo.reveal()];
    const now = this.clock.earliest();
    if (now === null) return Promise.resolve(TIME_UNKNOWN);
    const timestamp = String(now.getTime());
    const sign = signBitmart(apiSecret, { timestamp, memo, content: body });
    const headers = {
      'X-BM-KEY': apiKey,
      'X-BM-TIMESTAMP': timestamp,
      'X-BM-SIGN': sign,
      'Content-Type': 'application/json',
    };
    return this.send({
      method: 'POST',
      path: '/account/v1/withdraw/apply',
      headers,
      body,
      timeoutMs: submitTimeoutMs,
      pays: true,
    });
  }

  /** GET /account/v2/deposit-withdraw/history: the newest `count` withdrawals of the window, at most 1000, in no promised order. */
  history(from: Date, to: Date, count: number): Promise<VenueAnswer> {
    return this.read('/account/v2/deposit-withdraw/history', {
      operation_type: 'withdraw',
      N: String(count),
      startTime: String(from.getTime()),
      endTime: String(to.getTime()),
    });
  }

  detail(id: string): Promise<VenueAnswer> {
    return this.read('/account/v1/deposit-withdraw/detail', { id });
  }

  wallet(): Promise<VenueAnswer> {
    return this.read('/account/v1/wallet', {});
  }

  /** GET /account/v1/withdraw/charge: fee, minimum and precision of a network-coded id. */
  charge(currency: string): Promise<VenueAnswer> {
    return this.read('/account/v1/withdraw/charge', { currency });
  }

  /** GET /account/v1/currencies (public), at most 20 ids. */
  currencies(ids: readonly string[]): Promise<VenueAnswer> {
    return this.read('/account/v1/currencies', { currencies: ids.join(',') });
  }

  /** GET /system/time (public): reads the venue's clock; false if unreadable. */
  async readClock(): Promise<boolean> {
    await this.ratePlan.turn('GET /system/time');
    return readVenueTime(
      this.clock,
      async () => dataOf(await this.get('/system/time', {}))?.['server_time'],
    );
  }

  /** A GET carries the key alone: no two clients agree on how one would be signed, and BitMart does not look. */
  private async read(path: string, query: Readonly<Record<string, string>>): Promise<VenueAnswer> {
    await this.ratePlan.turn(`GET ${path}`);
    return this.get(path, query);
  }

  private get(path: string, query: Readonly<Record<string, string>>): Promise<VenueAnswer> {
    const text = new URLSearchParams(query).toString();
    const headers = { 'X-BM-KEY': this.config.apiKey };
    return this.send({
      method: 'GET',
      path: path + (text === '' ? '' : `?${text}`),
      headers,
      timeoutMs: this.config.submitTimeoutMs,
    });
  }

  private send(request: VenueRequest): Promise<VenueAnswer> {
    const [path = ''] = request.path.split('?', 1);
    return this.http.call({
      ...request,
      endpoint: `${request.method} ${path}`,
      speech: BITMART_SPEECH,
      path: this.prefix + request.path,
      headers: { Accept: 'application/json', ...request.headers },
    });
  }
}

/** The envelope's code; null without a code. */
export function codeOf(answer: VenueAnswer): number | null {
  return answer.kind === 'answer' &&
    isObject(answer.json) &&
    typeof answer.json['code'] === 'number'
    ? answer.json['code']
    : null;
}

/** The data of a success. Success requires both status 200 and code 1000. */
export function dataOf(answer: VenueAnswer): Readonly<Record<string, unknown>> | null {
  if (
    answer.kind !== 'answer' ||
    answer.status !== 200 ||
    codeOf(answer) !== 1000 ||
    !isObject(answer.json)
  )
    return null;
  const { data } = answer.json;
  return isObject(data) ? data : null;
}

const TOO_MANY_MS = 2_000;
const LONGEST_OWN_PAUSE_MS = 60_000;
const TOO_MANY = 30013;

/** BitMart answers in an envelope with `code`, under any content type. */
const BITMART_SPEECH: VenueSpeech = {
  isOwn: ({ json }) => isObject(json) && typeof json['code'] === 'number',
  limitedMs: (answer) => {
    const { status, json } = answer;
    const isLimit = status === 429 || (isObject(json) && json['code'] === TOO_MANY);
    return isLimit ? pauseOf(answer, TOO_MANY_MS) : null;
  },
};

/** `X-BM-RateLimit-Reset` is the window's length in seconds; the pause is bounded. */
export function pauseOf({ headers }: Pick<ReceivedAnswer, 'headers'>, leastMs: number): number {
  const reset = headers['x-bm-ratelimit-reset'];
  const windowMs = typeof reset === 'string' && /^\d{1,6}$/.test(reset) ? Number(reset) * 1000 : 0;
  return askedPauseMs(headers, leastMs, Math.min(windowMs, LONGEST_OWN_PAUSE_MS));
}
