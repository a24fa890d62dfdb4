import { Inject, Injectable } from '@nestjs/common';
import {
  askedPauseMs,
  pathPrefix,
  RatePlan,
  readVenueTime,
  type ReceivedAnswer,
  TIME_UNKNOWN,
  timeOfAnswer,
  type VenueAnswer,
  VenueClock,
  VenueHttp,
  type VenueSpeech,
} from '@sluice/connector-engine';
import { isObject } from '@sluice/kernel';
import type { Secret } from '@sluice/runtime';
import { InjectConfig } from '@sluice/service-shell';
import { signGateio } from '@sluice/signing';

const CANCEL = 'DELETE /withdrawals/{id}';

interface GateioAccess {
  readonly apiKey: string;
  readonly apiSecret: Secret;
  readonly baseUrl: string;
  readonly submitTimeoutMs: number;
}

/** Gate's endpoints one to one. Reads wait for a rate slot; submits arrive with the worker's. */
@Injectable()
export class GateioClient {
  /** Path of the base URL; part of the called and signed path. */
  private readonly prefix: string;

  constructor(
    @Inject(VenueHttp) private readonly http: Pick<VenueHttp, 'call'>,
    @Inject(VenueClock) readonly clock: Pick<VenueClock, 'earliest' | 'observe'>,
    @InjectConfig() private readonly config: GateioAccess,
    @Inject(RatePlan) private readonly ratePlan: Pick<RatePlan, 'turn'>,
  ) {
    this.prefix = pathPrefix(config.baseUrl);
  }

  withdraw(body: string): Promise<VenueAnswer> {
    return this.send('POST', '/withdrawals', { body, pays: true });
  }

  push(body: string): Promise<VenueAnswer> {
    return this.send('POST', '/withdrawals/push', { body, pays: true });
  }

  async cancel(id: string): Promise<VenueAnswer> {
    await this.ratePlan.turn(CANCEL);
    return this.send('DELETE', `/withdrawals/${encodeURIComponent(id)}`);
  }

  async listWithdrawals(query: URLSearchParams): Promise<VenueAnswer> {
    await this.ratePlan.turn('GET /wallet/withdrawals');
    return this.send('GET', '/wallet/withdrawals', { query });
  }

  async listPushes(query: URLSearchParams): Promise<VenueAnswer> {
    await this.ratePlan.turn('GET /wallet/push');
    return this.send('GET', '/wallet/push', { query });
  }

  async spotAccounts(): Promise<VenueAnswer> {
    await this.ratePlan.turn('GET /spot/accounts');
    return this.send('GET', '/spot/accounts');
  }

  async withdrawStatus(currency: string): Promise<VenueAnswer> {
    await this.ratePlan.turn('GET /wallet/withdraw_status');
    return this.send('GET', '/wallet/withdraw_status', {
      query: new URLSearchParams({ currency }),
    });
  }

  /** GET /account/main_keys: the keys of the main account, including this key. */
  async mainKeys(): Promise<VenueAnswer> {
    await this.ratePlan.turn('GET /account/main_keys');
    return this.send('GET', '/account/main_keys');
  }

  /** GET /spot/time (public): reads the venue's clock; false if unreadable. */
  async readClock(): Promise<boolean> {
    await this.ratePlan.turn('GET /spot/time');
    return readVenueTime(this.clock, async () => {
      const answer = await this.http.call({
        method: 'GET',
        path: `${this.prefix}/spot/time`,
        endpoint: 'GET /spot/time',
        speech: GATEIO_SPEECH,
        headers: { Accept: 'application/json' },
        timeoutMs: this.config.submitTimeoutMs,
      });
      return answer.kind === 'answer' && answer.status === 200 && isObject(answer.json)
        ? answer.json['server_time']
        : undefined;
    });
  }

  private send(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    call: { query?: URLSearchParams; body?: string; pays?: boolean } = {},
  ): Promise<VenueAnswer> {
    const now = this.clock.earliest();
    if (now === null) return Promise.resolve(TIME_UNKNOWN);
    const { apiKey, apiSecret, submitTimeoutMs: timeoutMs } = this.config;
    const query = call.query?.toString().replaceAll('+', '%20') ?? '';
    const timestamp = String(Math.floor(now.getTime() / 1000));
    const sign = signGateio(apiSecret.reveal(), {
      method,
      path: this.prefix + path,
      query,
      body: call.body ?? '',
      timestamp,
    });
    return this.http.call({
      method,
      path: this.prefix + path + (query === '' ? '' : `?${query}`),
      endpoint: method === 'DELETE' ? CANCEL : `${method} ${path}`,
      speech: GATEIO_SPEECH,
      headers: {
        KEY: apiKey,
        SIGN: sign,
        Timestamp: timestamp,
        Accept: 'application/json',
        'Content-Type': 'application/json',
      },
      ...(call.body !== undefined && { body: call.body }),
      timeoutMs,
      pays: call.pays ?? false,
    });
  }
}

/** The envelope's label; the manual warns against reading messages. */
export function labelOf(answer: VenueAnswer): string | null {
  return answer.kind === 'answer' ? labelIn(answer.json) : null;
}

const TOO_MANY_MS = 3_000;
const LONGEST_OWN_PAUSE_MS = 60_000;
const LIMITED = new Set(['TOO_MANY_REQUESTS', 'TOO_FAST']);
const WITHOUT_BODY = new Set([202, 204]);

/** A success of Gate is JSON, or has no body (202, 204). Every other answer is an envelope with `label`. */
const GATEIO_SPEECH: VenueSpeech = {
  isOwn: ({ status, text, json }) => {
    if (status < 200 || status >= 300) return labelIn(json) !== null;
    return (typeof json === 'object' && json !== null) || (text === '' && WITHOUT_BODY.has(status));
  },
  limitedMs: (answer) => {
    const label = labelIn(answer.json);
    const isLimit = answer.status === 429 || (label !== null && LIMITED.has(label));
    return isLimit ? pauseOf(answer) : null;
  },
};

/** The label of an envelope; null without an envelope. */
function labelIn(json: unknown): string | null {
  return isObject(json) && typeof json['label'] === 'string' ? json['label'] : null;
}

/**
 * Pause until `X-Gate-RateLimit-Reset-Timestamp` (Unix seconds, undocumented) or `Retry-After`;
 * bounded.
 */
export function pauseOf(answer: Pick<ReceivedAnswer, 'headers'>): number {
  const reset = answer.headers['x-gate-ratelimit-reset-timestamp'];
  const answeredAt = timeOfAnswer(answer);
  const isTime = typeof reset === 'string' && /^\d{9,11}$/.test(reset);
  const pauseMs = isTime && answeredAt !== null ? Number(reset) * 1000 - answeredAt : 0;
  return askedPauseMs(answer.headers, TOO_MANY_MS, Math.min(pauseMs, LONGEST_OWN_PAUSE_MS));
}
