import { Inject, Injectable, type Provider } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { VenueCapabilities } from '@sluice/connector-rules';
import {
  FaultLog,
  type Logger,
  monotonicMs,
  outgoingProxyOf,
  type ProxySettings,
} from '@sluice/runtime';
import { CONFIG, InjectLogger, startAtZero } from '@sluice/service-shell';
import { VenueClock } from '../clock/venue-clock.js';
import { RatePlan } from '../rate/rate-plan.js';
import { MOST_UNDER_WAY } from '../rate/rate-rules.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { type VenueAnswer, VenueHttp, type VenueRequest } from './venue-http.js';

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
/** Longest pause of creation for a rate limit of another endpoint. */
const LONGEST_SUBMIT_PAUSE_MS = 3_000;
/** Answers to calls made at the same time change the rate plan once. */
const SAME_LIMIT_MS = 250;

const foreign = new Counter({
  name: 'sluice_venue_foreign_answers_total',
  help: 'Answers to venue calls by another party, such as pages of a CDN or gateway',
  labelNames: ['status'],
});
startAtZero(foreign, { status: ['2xx', '3xx', '4xx', '5xx'] });

type Request = Pick<VenueRequest, 'endpoint' | 'speech' | 'pays'>;

/**
 * Pauses all calls while another party answers for the venue, two seconds to a minute, and slows an
 * endpoint down after a rate limit.
 */
@Injectable()
export class VenuePauses {
  /** Pauses in a row; null while the venue answers. */
  private pause: {
    readonly count: number;
    readonly untilMs: number;
    readonly cause: string;
  } | null = null;
  private readonly slowedUntilMs = new Map<string, number>();
  private readonly faults: FaultLog;

  constructor(
    @Inject(RatePlan)
    private readonly ratePlan: Pick<RatePlan, 'pauseAll' | 'endPause' | 'slowDown'>,
    @InjectLogger() private readonly logger: Logger,
    @InjectCapabilities() private readonly venue: Pick<VenueCapabilities, 'venue' | 'forms'>,
  ) {
    this.faults = new FaultLog(logger);
  }

  /** Stores a pause before the caller learns of the answer. Never throws. */
  async received(request: Request, answer: VenueAnswer): Promise<void> {
    try {
      if (answer.kind === 'foreign') await this.begin(answer);
      else if (answer.kind === 'answer') {
        await this.end();
        const ms = request.speech?.limitedMs(answer) ?? null;
        if (ms !== null && request.pays !== true) await this.slowDown(request, ms, answer.status);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'the database did not store a pause of the rate plan');
    }
  }

  private async begin({
    status,
    cause,
    retryAfterMs,
  }: Extract<VenueAnswer, { kind: 'foreign' }>): Promise<void> {
    foreign.inc({ status: `${Math.floor(status / 100)}xx` });
    const now = monotonicMs();
    // an answer to a call made before the pause is no further step
    if (this.pause !== null && now < this.pause.untilMs) return;
    const count = (this.pause?.count ?? 0) + 1;
    const grownMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(count - 1, 10), LONGEST_PAUSE_MS);
    const ms = Math.max(grownMs, retryAfterMs);
    this.pause = { count, untilMs: now + ms, cause };
    this.faults.warn(
      cause,
      { venue: this.venue.venue, cause, pauseMs: ms },
      'another party answers for the venue: all calls to the venue are paused',
    );
    await this.ratePlan.pauseAll(ms, cause);
  }

  private async end(): Promise<void> {
    if (this.pause === null) return;
    const { cause } = this.pause;
    this.pause = null;
    this.logger.info({ venue: this.venue.venue, cause }, 'the venue itself answers again');
    await this.ratePlan.endPause(cause);
  }

  /** Creation slows down with the reads: a payment that cannot be followed is not made at full speed. */
  private async slowDown({ endpoint }: Request, ms: number, status: number): Promise<void> {
    if (endpoint === undefined) return;
    const now = monotonicMs();
    if (now < (this.slowedUntilMs.get(endpoint) ?? 0)) return;
    this.slowedUntilMs.set(endpoint, now + SAME_LIMIT_MS);
    const cause = `the venue reports too many requests (status ${status}) at ${endpoint}`;
    this.faults.warn(
      cause,
      { venue: this.venue.venue, endpoint, cause, pauseMs: ms },
      'the venue reports too many requests: the rate plan is slowed down',
    );
    await this.ratePlan.slowDown(endpoint, ms, cause);
    const submits = new Set(this.venue.forms.map(({ submitEndpoint }) => submitEndpoint));
    submits.delete(endpoint);
    const submitPauseMs = Math.min(ms, LONGEST_SUBMIT_PAUSE_MS);
    for (const submit of submits) await this.ratePlan.slowDown(submit, submitPauseMs, cause);
  }
}

/** The configuration of a connector has a `baseUrl` if its venue is reached by HTTP. */
interface HttpSettings extends ProxySettings {
  readonly baseUrl?: string | undefined;
}

/** Spare connections for reads; every submit has a connection. */
const SPARE_CONNECTIONS = 4;

/** The HTTP client of this connector's venue, with a connection for each concurrent submit. */
export const VENUE_HTTP: Provider = {
  provide: VenueHttp,
  useFactory: ({ baseUrl, ...proxy }: HttpSettings, clock: VenueClock, pauses: VenuePauses) => {
    if (baseUrl === undefined) throw new Error('a venue that is reached by HTTP needs its baseUrl');
    return new VenueHttp({
      clock,
      pauses,
      origin: new URL(baseUrl).origin,
      connections: MOST_UNDER_WAY + SPARE_CONNECTIONS,
      proxy: outgoingProxyOf(proxy),
    });
  },
  inject: [CONFIG, VenueClock, VenuePauses],
};
