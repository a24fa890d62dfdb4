import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackgroundLoop, Batcher } from '@sluice/background';
import { monotonicMs } from '@sluice/clock';
import { crashAt } from '@sluice/crash-point';
import { Database, isInfrastructureFault, UnitOfWork } from '@sluice/postgres';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import type { WebhooksConfig } from '../config.js';
import { claimDeliveries, type ClaimedDelivery } from './claim-deliveries.js';
import { secretsAt, signedHeaders } from './delivery-headers.js';
import { dueWebhooks } from './due-webhooks.js';
import { Endpoints, type Endpoint } from './endpoints.js';
import { Lanes, type Capacity } from './lanes.js';
import { isDelivered, markOutcomes, type Outcome } from './mark-outcomes.js';
import type { Seat } from './pools.js';
import { attemptsUnderWay, countAttempt, countLate } from './sending-metrics.js';
import { ACCOUNTS_PER_HOST, WebhookHttp } from './webhook-http.js';

/** How often the database is asked who waits: for retries, and for what a process that died has left. What happens here is told by `wake`. */
const LOOK_MS = 1_000;
/** For so long finished deliveries gather before their places are filled and their outcomes stored. */
const GATHER_MS = 10;
/** No account fills more than this part of all places. */
const ACCOUNT_SHARE = 1 / 4;
const MARK_LIMIT = 500;
const MARK_AGAIN_MS = 500;

/**
 * Sends what is due. Deliveries are claimed many at a time, each under a lease and a fencing token, sent outside of any transaction, and their
 * outcomes are stored many at a time. Any number of processes may do it at once: none sends what another one has claimed.
 */
@Injectable()
export class Sender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly lanes: Lanes;
  private readonly loop: BackgroundLoop;
  private readonly outcomes: Batcher<Outcome, void>;
  private readonly underWay = new Set<Promise<void>>();
  private lookedAtMs = -Infinity;
  private gathering: NodeJS.Timeout | null = null;
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly endpoints: Endpoints,
    private readonly http: WebhookHttp,
    @InjectConfig() private readonly config: WebhooksConfig,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.lanes = new Lanes({
      perWebhook: config.inFlightPerWebhook,
      perSlowWebhook: config.inFlightPerSlowWebhook,
      perAccountAtHost: config.inFlightPerHost,
      perHost: ACCOUNTS_PER_HOST * config.inFlightPerHost,
      perAccount: Math.ceil(config.inFlight * ACCOUNT_SHARE),
      inAll: config.inFlight,
    });
    this.loop = new BackgroundLoop('send webhooks', logger, () => this.step());
    this.outcomes = new Batcher((batch) => this.store(batch), { limit: MARK_LIMIT });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Waits for what is under way, which no attempt outlasts, and for its outcomes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.loop.stop();
    await Promise.all(this.underWay);
    await this.outcomes.drained();
  }

  /** There is something to send to these webhooks now: call it once it is committed. */
  wake(webhookIds: readonly string[]): void {
    if (webhookIds.length === 0) return;
    for (const id of webhookIds) this.lanes.expect(id);
    this.loop.wake();
  }

  /** Claims what there is room for and begins to send it; answers how long to rest. */
  private async step(): Promise<number> {
    if (monotonicMs() - this.lookedAtMs >= LOOK_MS) {
      this.lookedAtMs = monotonicMs();
      for (const id of await dueWebhooks(this.database)) this.lanes.expect(id);
    }
    await this.locate();
    const capacities = this.lanes.capacities();
    if (capacities.length === 0) return LOOK_MS;
    this.lanes.asked(capacities);
    try {
      return (await this.claim(capacities)) > 0 ? GATHER_MS : LOOK_MS;
    } catch (error) {
      for (const { webhookId } of capacities) this.lanes.expect(webhookId);
      throw error;
    }
  }

  /** How much may go to a webhook depends on whose it is and where it leads. */
  private async locate(): Promise<void> {
    const waiting = this.lanes.waiting();
    await this.endpoints.learn(waiting);
    for (const id of waiting) this.lanes.locate(id, this.endpoints.get(id));
  }

  private async claim(capacities: readonly Capacity[]): Promise<number> {
    const { leaseMs, timeoutMs } = this.config;
    const sendBeforeMs = monotonicMs() + leaseMs - timeoutMs; // from before it is claimed: by then the lease is at most as old
    const claimed = await claimDeliveries(this.database, capacities, leaseMs);
    this.lanes.filled(capacities, countByWebhook(claimed));
    await this.endpoints.update(claimed);
    for (const delivery of claimed) this.begin(delivery, sendBeforeMs);
    return claimed.length;
  }

  private begin(delivery: ClaimedDelivery, sendBeforeMs: number): void {
    const endpoint = this.endpoints.get(delivery.webhookId);
    if (endpoint === null) return; // its lease ends
    const seat = this.lanes.began(delivery.webhookId, endpoint);
    attemptsUnderWay.inc();
    const sent: Promise<void> = this.send(delivery, { endpoint, seat, sendBeforeMs }).finally(
      () => {
        this.underWay.delete(sent);
        attemptsUnderWay.dec();
        this.goOn();
      },
    );
    this.underWay.add(sent);
  }

  private async send(
    delivery: ClaimedDelivery,
    { endpoint, seat, sendBeforeMs }: Sending,
  ): Promise<void> {
    const { id, webhookId, event, body } = delivery;
    const sinceMs = monotonicMs();
    if (sinceMs > sendBeforeMs) {
      // This process stood still: another one may send it by now.
      this.lanes.ended(webhookId, seat, { isAnswered: false, tookMs: 0 });
      this.logger.warn({ deliveryId: id, webhookId }, 'not sent: its lease is nearly over');
      return;
    }
    const at = this.database.clock.now();
    const headers = signedHeaders(secretsAt(endpoint, at), { id, event, at, body });
    const answer = await this.http.post({ url: endpoint.url, headers, body });
    crashAt('webhooks.after-send');
    const tookMs = monotonicMs() - sinceMs;
    this.lanes.ended(webhookId, seat, { isAnswered: isDelivered(answer), tookMs });
    countAttempt(delivery, { at, tookMs, answer });
    this.outcomes.put({ delivery, at, tookMs, answer });
  }

  /** Places were freed: they are filled together. */
  private goOn(): void {
    if (this.isStopping || this.gathering !== null) return;
    this.gathering = setTimeout(() => {
      this.gathering = null;
      this.loop.wake();
    }, GATHER_MS);
  }

  /** Again until the database takes them, or until nobody needs them: then their leases are over, and they are sent again. */
  private async store(outcomes: readonly Outcome[]): Promise<void> {
    const untilMs = monotonicMs() + this.config.leaseMs;
    for (;;) {
      try {
        this.report(await markOutcomes(this.unitOfWork, outcomes));
        break;
      } catch (error) {
        this.logger.warn({ err: error, outcomes: outcomes.length }, 'outcomes are not stored');
        if (!isInfrastructureFault(error) || monotonicMs() > untilMs) break;
        await sleep(MARK_AGAIN_MS);
      }
    }
    await sleep(GATHER_MS); // the next ones gather meanwhile
  }

  private report(late: readonly Outcome[]): void {
    countLate(late.length);
    for (const { delivery, answer } of late)
      this.logger.warn(
        {
          deliveryId: delivery.id,
          webhookId: delivery.webhookId,
          attempt: delivery.attemptId,
          answer: answer.kind,
        },
        'a late outcome changes nothing: its lease was over, or it was requeued',
      );
  }
}

interface Sending {
  readonly endpoint: Endpoint;
  readonly seat: Seat;
  readonly sendBeforeMs: number;
}

function countByWebhook(claimed: readonly ClaimedDelivery[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { webhookId } of claimed) counts.set(webhookId, (counts.get(webhookId) ?? 0) + 1);
  return counts;
}
