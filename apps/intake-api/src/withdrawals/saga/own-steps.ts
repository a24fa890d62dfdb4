import { earlyReturn, type Fact } from '@sluice/withdrawal-core';
import { advanced } from '../restored/give-order.js';
import type { BatchChanges } from './batch-changes.js';
import type { InboundEvent } from './inbound-event.js';
import { recordStep } from './record-step.js';

/** Credits a payment that came back before its booking, right after the booking. */
export function creditEarlyReturn(
  batch: BatchChanges,
  event: InboundEvent,
  id: string,
  at: Date,
): void {
  const stored = batch.rows.get(id);
  const fact = stored && earlyReturn(stored.withdrawal);
  if (fact) takeOwnStep(batch, event, id, fact, at);
}

/** Records a step by a fact of our own records, without a report of a venue. */
export function takeOwnStep(
  batch: BatchChanges,
  event: InboundEvent,
  id: string,
  fact: Fact,
  at: Date,
): void {
  const stored = batch.rows.get(id);
  if (!stored) return;
  const by = stored.withdrawal.venue;
  const step = advanced(stored, fact, { at, by, route: [] }, batch.holds);
  if (step.ok) recordStep(batch, event, stored, step.value, at);
}
