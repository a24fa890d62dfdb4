import { Controller } from '@nestjs/common';
import { onceInOrder } from '@sluice/consumer-kit';
import { crashAt } from '@sluice/runtime';
import { BatchHandler } from '@sluice/kafka';
import { withdrawalEvents } from '@sluice/messages';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { Counter } from 'prom-client';
import { Sender } from '../sending/sender.js';
import { notifiedBy, type WithdrawalStep } from '../events/event-body.js';
import { DeliverySeals } from '../trust/delivery-seals.js';
import { scheduleDeliveries } from '../events/schedule-deliveries.js';

const CONSUMER = 'webhooks';
const missing = new Counter({
  name: 'sluice_webhook_missing_steps_total',
  help: 'Steps of withdrawals missing on Kafka, without a webhook',
});

/**
 * Creates webhook deliveries from withdrawal events, once for each step, in the transaction of the
 * deduplication record.
 */
@Controller()
export class WithdrawalEventsConsumer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sender: Sender,
    private readonly seals: DeliverySeals,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  @BatchHandler(withdrawalEvents)
  async onBatch(batch: readonly WithdrawalStep[]): Promise<void> {
    const webhooks = await this.unitOfWork.run((tx) => this.take(tx, batch));
    this.sender.wake(webhooks);
  }

  /** Late events are delivered as well: webhook order is not guaranteed. */
  private async take(tx: Tx, batch: readonly WithdrawalStep[]): Promise<readonly string[]> {
    const steps = batch.map((step) => ({
      id: step.id,
      subject: step.data.withdrawalId,
      sequence: step.data.sequence,
      isEveryStep: true,
      step,
    }));
    const { fresh, late, gaps } = await onceInOrder(
      { query: async (text, values) => ({ rows: await tx.query(text, values) }) },
      CONSUMER,
      steps,
    );
    for (const { subject, after, before } of gaps) this.report(subject, after, before);
    const notified = [...fresh, ...late].flatMap(({ step }) => {
      const event = notifiedBy(step);
      const { accountId, number, clientReference } = step.data;
      return event ? [{ ...event, accountId, withdrawal: { number, clientReference } }] : [];
    });
    const webhooks = await scheduleDeliveries(tx, this.seals, notified);
    crashAt('webhooks.before-commit');
    return webhooks;
  }

  /**
   * Reports a gap in the event sequence. Withdrawals in progress at the first start are reported as
   * well.
   */
  private report(withdrawalId: string, after: number, before: number): void {
    missing.inc(before - after - 1);
    this.logger.warn(
      { withdrawalId, after, before },
      'steps of a withdrawal are missing: their webhooks are sent when the steps arrive',
    );
  }
}
