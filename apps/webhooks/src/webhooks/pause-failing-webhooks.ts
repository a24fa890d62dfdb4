import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import { InjectConfig, InjectLogger, type Logger, LoopingService } from '@sluice/service-shell';
import { webhookTime } from '../events/event-body.js';
import { type AccountEvent, scheduleDeliveries } from '../events/schedule-deliveries.js';
import { Sender } from '../sending/sender.js';
import { DeliverySeals } from '../trust/delivery-seals.js';

const EVERY_MS = 60_000;
const paused = new Counter({
  name: 'sluice_webhooks_paused_total',
  help: 'Webhooks that were paused because nothing but failures had come of them for days',
});

interface PauseSettings {
  /** A webhook with only failures for this number of hours is paused. */
  readonly pauseAfterHours: number;
}

/** Pauses failing webhooks, once over all instances, and notifies by the account's others. */
@Injectable()
export class PauseFailingWebhooks extends LoopingService {
  protected readonly loop: BackgroundLoop;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sender: Sender,
    private readonly seals: DeliverySeals,
    @InjectConfig() private readonly config: PauseSettings,
    @InjectLogger() private readonly logger: Logger,
  ) {
    super();
    this.loop = BackgroundLoop.every(EVERY_MS, 'pause failing webhooks', logger, () =>
      this.pauseFailing(),
    );
  }

  /** Returns their number. Waiting deliveries wait until resumed. */
  async pauseFailing(): Promise<number> {
    const { webhooks, wake } = await this.unitOfWork.run(async (tx) => {
      const webhooks = await tx.query<PausedWebhook>(PAUSE, [this.config.pauseAfterHours]);
      return {
        webhooks,
        wake: await scheduleDeliveries(tx, this.seals, webhooks.map(pausedEvent)),
      };
    });
    this.sender.wake(wake);
    for (const { id, account_id: accountId, failing_since: since } of webhooks)
      this.logger.warn(
        { webhookId: id, accountId, failingSince: since?.toISOString() },
        'a webhook was paused because each of its deliveries since failingSince has failed',
      );
    paused.inc(webhooks.length);
    return webhooks.length;
  }
}

/** Compares times of failures: one failure before days without an event does not count as days. */
const PAUSE = `
  UPDATE webhook SET state = 'paused', paused_at = clock_timestamp(), paused_because = 'failures'
   WHERE state = 'enabled' AND failed_at - failing_since >= $1::integer * interval '1 hour'
  RETURNING id, account_id, url, failing_since, paused_at, paused_because`;

export interface PausedWebhook {
  readonly id: string;
  readonly account_id: string;
  readonly url: string;
  readonly failing_since: Date | null;
  readonly paused_at: Date;
  readonly paused_because: 'wish' | 'failures';
}

export function pausedEvent(paused: PausedWebhook): AccountEvent {
  const { id, account_id: accountId, url, failing_since: since, paused_at: at } = paused;
  return {
    accountId,
    event: 'webhook.paused',
    data: {
      webhook_id: id,
      url,
      reason: paused.paused_because,
      failing_since: since && webhookTime(since),
      paused_at: webhookTime(at),
    },
    exceptWebhookId: id,
  };
}
