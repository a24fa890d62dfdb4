import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackgroundLoop, Batcher, crashAt, monotonicMs } from '@sluice/runtime';
import { isInfrastructureFault, UnitOfWork, type Tx, forAllAccounts } from '@sluice/postgres';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import { storeDeliveries, type PlannedDelivery } from '../events/schedule-deliveries.js';
import { claimDeliveries, type ClaimedDelivery } from './claim-deliveries.js';
import { type EarlyAttempt, rowOf } from './early-attempt.js';
import { Endpoints, secretsAt, signedHeaders, type WebhookEndpoint } from './endpoints.js';
import { dueWebhooks, LOOK_MS, nextLookInMs } from './due-webhooks.js';
import { type Capacity, Lanes, type Seat } from './lanes.js';
import {
  type AttemptOutcome,
  attemptsUnderWay,
  countAttempt,
  countLate,
  isDelivered,
  markOutcomes,
  refuseForged,
} from './mark-outcomes.js';
import { ACCOUNTS_PER_HOST, type SendingSettings, WebhookHttp } from './webhook-http.js';

/** Time in ms to collect finished deliveries before filling their slots. */
const GATHER_MS = 10;
/** Time in ms between two transactions that store outcomes. A crash repeats these deliveries. */
const MARK_REST_MS = 500;
/** Longest wait in ms for answers before the rows are stored: a slow receiver delays no partition. */
const ANSWER_WAIT_MS = 200;
/** No account fills more than this part of all places. */
const ACCOUNT_SHARE = 1 / 4;
const MARK_LIMIT = 500;
const MARK_AGAIN_MS = 500;

/**
 * Sends due deliveries, claimed in batches with lease and fencing token, outside of transactions.
 * Any number of processes may send.
 */
@Injectable()
export class Sender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly lanes: Lanes;
  private readonly loop: BackgroundLoop;
  private readonly outcomes: Batcher<AttemptOutcome, void>;
  private readonly underWay = new Set<Promise<void>>();
  private lookAtMs = -Infinity;
  private gathering: NodeJS.Timeout | null = null;
  private isStopping = false;

  constructor(
    readonly unitOfWork: UnitOfWork,
    private readonly endpoints: Endpoints,
    private readonly http: WebhookHttp,
    @InjectConfig() private readonly config: SendingSettings,
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
    this.outcomes = new Batcher((batch) => forAllAccounts(() => this.store(batch)), {
      limit: MARK_LIMIT,
      restMs: MARK_REST_MS,
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Waits for deliveries in progress and their outcomes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.loop.stop();
    while (this.underWay.size > 0) await Promise.all(this.underWay);
    await this.outcomes.drained();
  }

  /** Announces new deliveries of the webhooks. Call after the commit. */
  wake(webhookIds: readonly string[]): void {
    if (webhookIds.length === 0) return;
    for (const id of webhookIds) this.lanes.expect(id);
    this.loop.wake();
  }

  /**
   * Sends new deliveries with a free slot, waits a moment for the answers, and stores all rows
   * beside `work`. Deliveries without a success are stored as claimed. A crash before the commit
   * repeats them with equal numbers and bodies.
   */
  sendAndStore(
    planned: readonly PlannedDelivery[],
    work: (tx: Tx) => Promise<void>,
  ): Promise<void> {
    return this.track(this.sendThenStore(planned, work));
  }

  private async sendThenStore(
    planned: readonly PlannedDelivery[],
    work: (tx: Tx) => Promise<void>,
  ): Promise<void> {
    const early = new Map(
      planned.flatMap((one) => {
        const attempt = this.beginEarly(one);
        return attempt ? [[one.id, attempt] as const] : [];
      }),
    );
    const answers = Promise.all([...early.values()].map(({ outcome }) => outcome));
    if (early.size > 0)
      await Promise.race([answers, sleep(ANSWER_WAIT_MS, undefined, { ref: false })]);
    const rows = planned.map((one) => rowOf(one, early.get(one.id)));
    const stored = await this.unitOfWork.run(async (tx) => {
      const numbers = await storeDeliveries(tx, rows, this.config.leaseMs);
      await work(tx);
      return numbers;
    });
    const own = rows.filter(({ id }) => stored.has(id));
    for (const { id, attempt } of own) {
      const begun = early.get(id);
      if (begun && attempt?.success === null)
        void this.track(begun.outcome.then((outcome) => this.outcomes.put(outcome)));
    }
    this.wake(
      own.flatMap(({ webhookId, webhook, attempt }) =>
        webhookId !== null && webhook?.isEnabled && attempt === null ? [webhookId] : [],
      ),
    );
  }

  /** Null without a free slot, or if the cached endpoint is missing or older. */
  private beginEarly(planned: PlannedDelivery): EarlyAttempt | null {
    const { webhookId, webhook, accountId } = planned;
    if (webhookId === null || !webhook?.isEnabled || this.isStopping) return null;
    const endpoint = this.endpoints.get(webhookId);
    if (endpoint?.revision !== webhook.revision || endpoint.accountId !== accountId) return null;
    const seat = this.lanes.takeFree(webhookId, endpoint);
    if (seat === null) return null;
    const at = this.unitOfWork.database.clock.now();
    const { revision } = webhook;
    const delivery = { ...planned, webhookId, revision, attemptCount: 0, createdAt: at };
    const attempt: EarlyAttempt = {
      at,
      answered: null,
      outcome: this.attempt(delivery, { endpoint, seat, at }),
    };
    void attempt.outcome.then((outcome) => (attempt.answered = outcome));
    return attempt;
  }

  /** Measured before a claim: the lease ends no earlier than assumed. */
  private sendBeforeMs(): number {
    return monotonicMs() + this.config.leaseMs - this.config.timeoutMs;
  }

  /** Claims deliveries for the free slots and starts sending. Returns the pause in ms. */
  private async step(): Promise<number> {
    if (monotonicMs() >= this.lookAtMs) await this.lookForDue();
    await this.locate();
    const capacities = this.lanes.capacities();
    if (capacities.length === 0) return this.restMs();
    this.lanes.asked(capacities);
    try {
      return (await this.claim(capacities)) > 0 ? GATHER_MS : this.restMs();
    } catch (error) {
      for (const { webhookId } of capacities) this.lanes.expect(webhookId);
      throw error;
    } finally {
      this.lanes.settled();
    }
  }

  /** Finds retries, and deliveries of a crashed process. `wake` announces those made in this process. */
  private async lookForDue(): Promise<void> {
    this.lookAtMs = monotonicMs() + LOOK_MS;
    const { due, nextInMs } = await dueWebhooks(this.unitOfWork.database);
    for (const id of due) this.lanes.expect(id);
    this.lookAtMs = monotonicMs() + nextLookInMs(due.length > 0, nextInMs);
  }

  private restMs(): number {
    return Math.max(this.lookAtMs - monotonicMs(), GATHER_MS);
  }

  /** Sets account and host of the waiting webhooks, because the limits depend on both. */
  private async locate(): Promise<void> {
    const waiting = this.lanes.waiting();
    await this.endpoints.learn(waiting);
    for (const id of waiting) this.lanes.locate(id, this.endpoints.get(id));
  }

  private async claim(capacities: readonly Capacity[]): Promise<number> {
    const sendBeforeMs = this.sendBeforeMs();
    const { database } = this.unitOfWork;
    const claimed = await claimDeliveries(database, capacities, this.config.leaseMs);
    this.lanes.filled(capacities, countByWebhook(claimed));
    await this.endpoints.update(claimed);
    const forged = claimed.filter((delivery) => !this.begin(delivery, sendBeforeMs));
    await this.refuse(forged);
    return claimed.length;
  }

  private async refuse(forged: readonly ClaimedDelivery[]): Promise<void> {
    await refuseForged(this.unitOfWork, forged);
    for (const { id, webhookId, event } of forged)
      this.logger.error(
        { deliveryId: id, webhookId, event },
        'the row of a delivery differs from its seal: the delivery is not sent',
      );
  }

  /** Returns false for a delivery not made by this service, which is not sent. */
  private begin(delivery: ClaimedDelivery, sendBeforeMs: number): boolean {
    const endpoint = this.endpoints.get(delivery.webhookId);
    if (endpoint === null) return true; // the lease expires unused
    if (!this.endpoints.isGenuine(delivery, endpoint)) return false;
    const seat = this.lanes.began(delivery.webhookId, endpoint);
    void this.track(this.send(delivery, { endpoint, seat, sendBeforeMs }));
    return true;
  }

  private track<T>(work: Promise<T>): Promise<T> {
    const done: Promise<void> = work.then(
      () => void this.underWay.delete(done),
      () => void this.underWay.delete(done),
    );
    this.underWay.add(done);
    return work;
  }

  private async send(
    delivery: ClaimedDelivery,
    { endpoint, seat, sendBeforeMs }: Sending,
  ): Promise<void> {
    const { id, webhookId } = delivery;
    if (monotonicMs() > sendBeforeMs) {
      this.lanes.ended(webhookId, seat, { isAnswered: false, tookMs: 0 });
      this.logger.warn(
        { deliveryId: id, webhookId },
        'a delivery was not sent because its lease ends soon',
      );
      return;
    }
    const at = this.unitOfWork.database.clock.now();
    this.outcomes.put(await this.attempt(delivery, { endpoint, seat, at }));
  }

  /** Sends one request, and frees the seat. */
  private async attempt(
    delivery: ClaimedDelivery,
    { endpoint, seat, at }: AttemptPlace,
  ): Promise<AttemptOutcome> {
    const { id, webhookId, event, body } = delivery;
    const sinceMs = monotonicMs();
    const headers = signedHeaders(secretsAt(endpoint, at), { id, event, at, body });
    attemptsUnderWay.inc();
    const answer = await this.http.post({ url: endpoint.url, headers, body });
    attemptsUnderWay.dec();
    crashAt('webhooks.after-send');
    const tookMs = monotonicMs() - sinceMs;
    this.lanes.ended(webhookId, seat, { isAnswered: isDelivered(answer), tookMs });
    countAttempt(delivery, { at, tookMs, answer });
    this.goOn();
    return { delivery, at, tookMs, answer };
  }

  /** Places were freed: they are filled together. */
  private goOn(): void {
    if (this.isStopping || this.gathering !== null) return;
    this.gathering = setTimeout(() => {
      this.gathering = null;
      this.loop.wake();
    }, GATHER_MS);
  }

  /** Stores outcomes, with retries until the lease ends; afterwards deliveries are sent again. */
  private async store(outcomes: readonly AttemptOutcome[]): Promise<void> {
    const untilMs = monotonicMs() + this.config.leaseMs;
    for (;;) {
      try {
        this.report(await markOutcomes(this.unitOfWork, outcomes));
        break;
      } catch (error) {
        this.logger.warn(
          { err: error, outcomes: outcomes.length },
          'the outcomes of deliveries could not be stored; the deliveries will be repeated',
        );
        if (!isInfrastructureFault(error) || monotonicMs() > untilMs) break;
        await sleep(MARK_AGAIN_MS);
      }
    }
  }

  private report(late: readonly AttemptOutcome[]): void {
    countLate(late.length);
    for (const { delivery, answer } of late)
      this.logger.warn(
        {
          deliveryId: delivery.id,
          webhookId: delivery.webhookId,
          attempt: delivery.attemptId,
          answer: answer.kind,
        },
        'a late outcome of a delivery was ignored: its lease had ended, or the delivery was queued again',
      );
  }
}

interface Place {
  readonly endpoint: WebhookEndpoint;
  readonly seat: Seat;
}

interface Sending extends Place {
  readonly sendBeforeMs: number;
}

interface AttemptPlace extends Place {
  /** Start time of the attempt, by the database's clock. */
  readonly at: Date;
}

function countByWebhook(claimed: readonly ClaimedDelivery[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { webhookId } of claimed) counts.set(webhookId, (counts.get(webhookId) ?? 0) + 1);
  return counts;
}
