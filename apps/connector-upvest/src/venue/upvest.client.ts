import { type KeyObject, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  askedPauseMs,
  pathPrefix,
  RatePlan,
  TIME_UNKNOWN,
  type VenueAnswer,
  VenueClock,
  VenueHttp,
  type VenueSpeech,
} from '@sluice/connector-engine';
import { isObject } from '@sluice/kernel';
import type { Secret } from '@sluice/runtime';
import { InjectConfig } from '@sluice/service-shell';
import { readUpvestPrivateKey, signUpvest } from '@sluice/signing';
import { SIGNATURE_LIFE_S } from './upvest.capabilities.js';
import { type NoAccess, UpvestTokens } from './upvest.tokens.js';

interface UpvestAccess {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly keyId: string;
  /** PEM of the private key for the key id. */
  readonly privateKey: Secret;
  readonly baseUrl: string;
  readonly submitTimeoutMs: number;
}

export type UpvestAnswer = VenueAnswer | NoAccess;

interface Call {
  readonly endpoint?: string;
  readonly query?: URLSearchParams;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pays?: boolean;
  readonly timeoutMs?: number;
}

/** `payments:admin` pays and cancels, `payments:read` finds payments again. */
const SCOPES = 'payments:admin payments:read';
const LONGEST_TOKEN_CALL_MS = 2_000; // a submit may wait for a token within the slack of the lease
/** UUID of a non-existent withdrawal. */
export const NOBODYS = '00000000-0000-4000-8000-000000000000';
const GET_ONE = 'GET /payments/withdrawals/{id}';
const LIST = 'GET /account_groups/{id}/payments/withdrawals';
const CANCEL = 'DELETE /payments/withdrawals/{id}';
const JSON_TYPE = { 'content-type': 'application/json' };

/** Upvest's endpoints. Reads wait for a rate slot; submits arrive with the worker's. */
@Injectable()
export class UpvestClient {
  private readonly tokens: UpvestTokens;
  private readonly privateKey: KeyObject;
  /** Path of the base URL, usually empty; part of the signed message. */
  private readonly prefix: string;

  constructor(
    @Inject(VenueHttp) private readonly http: Pick<VenueHttp, 'call'>,
    @Inject(VenueClock) readonly clock: Pick<VenueClock, 'earliest'>,
    @InjectConfig() private readonly config: UpvestAccess,
    @Inject(RatePlan) private readonly ratePlan: Pick<RatePlan, 'turn'>,
  ) {
    this.tokens = new UpvestTokens(() => this.askToken());
    this.privateKey = readUpvestPrivateKey(config.privateKey.reveal());
    this.prefix = pathPrefix(config.baseUrl);
  }

  /** POST /payments/withdrawals: the bytes as they are, freshly signed. */
  withdraw(body: string, idempotencyKey: string): Promise<UpvestAnswer> {
    return this.call('POST', '/payments/withdrawals', {
      body,
      headers: { ...JSON_TYPE, 'idempotency-key': idempotencyKey },
      pays: true,
    });
  }

  async get(id: string): Promise<UpvestAnswer> {
    await this.ratePlan.turn(GET_ONE);
    return this.call('GET', `/payments/withdrawals/${encodeURIComponent(id)}`, {
      endpoint: GET_ONE,
    });
  }

  /** GET /account_groups/{id}/payments/withdrawals, newest first. */
  async list(accountGroupId: string, offset: number, limit: number): Promise<UpvestAnswer> {
    await this.ratePlan.turn(LIST);
    const query = new URLSearchParams({
      sort: 'created_at',
      order: 'DESC',
      offset: String(offset),
      limit: String(limit),
    });
    return this.call(
      'GET',
      `/account_groups/${encodeURIComponent(accountGroupId)}/payments/withdrawals`,
      { query, endpoint: LIST },
    );
  }

  async cancel(id: string): Promise<UpvestAnswer> {
    await this.ratePlan.turn(CANCEL);
    return this.call('DELETE', `/payments/withdrawals/${encodeURIComponent(id)}`, {
      endpoint: CANCEL,
    });
  }

  /**
   * Reads the venue's clock by an unsigned request: every answer carries the time. False if
   * unknown.
   */
  async readClock(): Promise<boolean> {
    await this.ratePlan.turn(GET_ONE);
    const { clientId, submitTimeoutMs: timeoutMs } = this.config;
    const path = `${this.prefix}/payments/withdrawals/${NOBODYS}`;
    await this.http.call({
      method: 'GET',
      path,
      endpoint: GET_ONE,
      speech: UPVEST_SPEECH,
      headers: { accept: 'application/json', 'upvest-client-id': clientId },
      timeoutMs,
    });
    return this.clock.earliest() !== null;
  }

  private async call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    call: Call = {},
  ): Promise<UpvestAnswer> {
    const taken = await this.tokens.take();
    if (taken.kind === 'no_access') return taken;
    const { access } = taken;
    const answer = await this.send(method, path, {
      ...call,
      headers: { ...call.headers, authorization: `Bearer ${access.bearer}` },
    });
    if (answer.kind === 'answer' && answer.status === 401)
      return this.tokens.refused(access, answer.text);
    if (answer.kind === 'answer') this.tokens.honoured(access);
    return answer;
  }

  /** POST /auth/token: signed like any other, without a token. */
  private async askToken(): Promise<VenueAnswer> {
    await this.ratePlan.turn('POST /auth/token');
    const { clientId, clientSecret, submitTimeoutMs } = this.config;
    const form = new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret.reveal(),
      grant_type: 'client_credentials',
      scope: SCOPES,
    });
    return this.send('POST', '/auth/token', {
      body: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      timeoutMs: Math.min(submitTimeoutMs, LONGEST_TOKEN_CALL_MS),
    });
  }

  private send(method: 'GET' | 'POST' | 'DELETE', path: string, call: Call): Promise<VenueAnswer> {
    const { clientId, keyId, submitTimeoutMs } = this.config;
    const query = call.query?.toString() ?? '';
    const headers = {
      accept: 'application/json',
      'upvest-client-id': clientId,
      'upvest-api-version': '1',
      ...call.headers,
    };
    const now = this.clock.earliest();
    if (now === null) return Promise.resolve(TIME_UNKNOWN);
    const created = Math.floor(now.getTime() / 1000);
    const message = { method, path: this.prefix + path, query, headers, body: call.body ?? '' };
    const signed = signUpvest('v15', this.privateKey, message, {
      keyId,
      created,
      expires: created + SIGNATURE_LIFE_S,
      nonce: randomUUID(),
    });
    return this.http.call({
      method,
      path: this.prefix + path + (query === '' ? '' : `?${query}`),
      endpoint: call.endpoint ?? `${method} ${path}`,
      speech: UPVEST_SPEECH,
      headers: { ...headers, ...signed },
      ...(call.body !== undefined && { body: call.body }),
      timeoutMs: call.timeoutMs ?? submitTimeoutMs,
      pays: call.pays ?? false,
    });
  }
}

const TOO_MANY_MS = 1_000;

/** A success of Upvest is JSON or has no body. Every other answer is a problem with a `type`, or an OAuth `error`. */
const UPVEST_SPEECH: VenueSpeech = {
  isOwn: ({ status, text, json }) =>
    status >= 200 && status < 300
      ? text === '' || (typeof json === 'object' && json !== null)
      : isObject(json) && [json['type'], json['error']].some((name) => typeof name === 'string'),
  limitedMs: ({ status, headers }) => (status === 429 ? askedPauseMs(headers, TOO_MANY_MS) : null),
};
