import { isObject } from '@sluice/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { InjectConfig } from '@sluice/service-shell';
import { monotonicMs, type Secret } from '@sluice/runtime';
import {
  pathPrefix,
  RatePlan,
  TIME_UNKNOWN,
  type VenueAnswer,
  VenueClock,
  VenueHttp,
} from '@sluice/connector-engine';
import { signGateio } from '@sluice/signing';
import { GATEIO_SPEECH, labelIn } from './gateio.speech.js';

const CANCEL = 'DELETE /withdrawals/{id}';

interface GateioAccess {
  readonly apiKey: string;
  readonly apiSecret: Secret;
  readonly baseUrl: string;
  readonly submitTimeoutMs: number;
}

/**
 * Client of Gate's endpoints, a method for each. Reads wait for a rate slot; submits arrive with
 * the slot of the worker that claimed them.
 */
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

  /** POST /withdrawals */
  withdraw(body: string): Promise<VenueAnswer> {
    return this.send('POST', '/withdrawals', { body, pays: true });
  }

  /** POST /withdrawals/push */
  push(body: string): Promise<VenueAnswer> {
    return this.send('POST', '/withdrawals/push', { body, pays: true });
  }

  /** DELETE /withdrawals/{id} */
  async cancel(id: string): Promise<VenueAnswer> {
    await this.ratePlan.turn(CANCEL);
    return this.send('DELETE', `/withdrawals/${encodeURIComponent(id)}`);
  }

  /** GET /wallet/withdrawals */
  async listWithdrawals(query: URLSearchParams): Promise<VenueAnswer> {
    await this.ratePlan.turn('GET /wallet/withdrawals');
    return this.send('GET', '/wallet/withdrawals', { query });
  }

  /** GET /wallet/push */
  async listPushes(query: URLSearchParams): Promise<VenueAnswer> {
    await this.ratePlan.turn('GET /wallet/push');
    return this.send('GET', '/wallet/push', { query });
  }

  /** GET /spot/accounts */
  async spotAccounts(): Promise<VenueAnswer> {
    await this.ratePlan.turn('GET /spot/accounts');
    return this.send('GET', '/spot/accounts');
  }

  /** GET /wallet/withdraw_status */
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

  /**
   * GET /spot/time (public, in milliseconds): reads the venue's clock. Returns false if the clock
   * cannot be read.
   */
  async readClock(): Promise<boolean> {
    await this.ratePlan.turn('GET /spot/time');
    const askedAtMs = monotonicMs();
    const { submitTimeoutMs: timeoutMs } = this.config;
    const answer = await this.http.call({
      method: 'GET',
      path: `${this.prefix}/spot/time`,
      endpoint: 'GET /spot/time',
      speech: GATEIO_SPEECH,
      headers: { Accept: 'application/json' },
      timeoutMs,
    });
    const timeMs =
      answer.kind === 'answer' && answer.status === 200 && isObject(answer.json)
        ? answer.json['server_time']
        : undefined;
    if (typeof timeMs !== 'number') return false;
    this.clock.observe({ timeMs, askedAtMs, answeredAtMs: monotonicMs() });
    return true;
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
