import { setTimeout as sleep } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { Counter } from 'prom-client';
import { BatchHandler } from '@sluice/kafka';
import { withdrawalEvents } from '@sluice/messages';
import type { Tx } from '@sluice/postgres';
import { crashAt } from '@sluice/runtime';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { notifiedBy, type WithdrawalStep } from '../events/event-body.js';
import { planSteps, type StepEvent } from '../events/schedule-deliveries.js';
import { Sender } from '../sending/sender.js';
import { DeliverySeals } from '../trust/delivery-seals.js';

const missing = new Counter({
  name: 'sluice_webhook_missing_steps_total',
  help: 'Steps of withdrawals missing on Kafka, without a webhook',
});

/** Time in ms between two transactions that store events. The events of this time become one batch. */
const STORE_REST_MS = 250;

interface Notified {
  readonly step: WithdrawalStep;
  readonly event: StepEvent;
}

/**
 * Creates deliveries from withdrawal events, once per step: the message id is unique. Other steps
 * need no transaction.
 */
@Controller()
export class WithdrawalEventsConsumer {
  private rested: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly sender: Sender,
    private readonly seals: DeliverySeals,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  @BatchHandler(withdrawalEvents)
  async onBatch(batch: readonly WithdrawalStep[]): Promise<void> {
    const notified = batch.flatMap(notifiedOf);
    if (notified.length === 0) return;
    await this.rested;
    this.rested = sleep(STORE_REST_MS);
    const { unitOfWork } = this.sender;
    const steps = notified.map(({ event }) => event);
    const planned = await planSteps(unitOfWork.database, this.seals, steps);
    const unseen = new Set(planned.map(({ stepId }) => stepId));
    // delete: a step repeated in the batch counts once
    const fresh = notified.map(({ step }) => step).filter(({ id }) => unseen.delete(id));
    let without: readonly WithdrawalStep[] = [];
    await this.sender.sendAndStore(planned, async (tx) => {
      without = await missingBroadcasts(tx, fresh);
      crashAt('webhooks.before-commit');
    });
    for (const step of without) this.report(step);
  }

  private report({ data: { withdrawalId, sequence } }: WithdrawalStep): void {
    missing.inc();
    this.logger.warn(
      { withdrawalId, before: sequence },
      'the broadcast step of a withdrawal is missing: its webhooks are sent when the step arrives',
    );
  }
}

function notifiedOf(step: WithdrawalStep): readonly Notified[] {
  const event = notifiedBy(step);
  if (!event) return [];
  const { accountId, number, clientReference } = step.data;
  const withdrawal = { number, clientReference };
  const at = new Date(step.time);
  return [{ step, event: { ...event, stepId: step.id, at, accountId, withdrawal } }];
}

/** Withdrawals whose broadcast has no event, although a later step has its time. */
async function missingBroadcasts(
  tx: Tx,
  steps: readonly WithdrawalStep[],
): Promise<readonly WithdrawalStep[]> {
  const later = steps.filter(({ data }) => (data.broadcastAt ?? data.at) < data.at);
  if (later.length === 0) return [];
  const rows = await tx.query<{ number: string }>(MISSING, [later.map(({ data }) => data.number)]);
  const numbers = new Set(rows.map(({ number }) => number));
  return later.filter(({ data }) => numbers.has(data.number));
}

const MISSING = `
  SELECT g.number::text FROM unnest($1::bigint[]) AS g (number)
   WHERE NOT EXISTS (SELECT FROM delivery e WHERE e.withdrawal = g.number AND e.event = 'withdrawal.broadcasted')`;
