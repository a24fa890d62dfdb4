import { Injectable } from '@nestjs/common';
import { networkOf } from '@sluice/kernel';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { countOrderMismatch, InjectLogger, type Logger } from '@sluice/service-shell';
import {
  asNotifiedBefore,
  isOutOfOrder,
  isKnownAlready,
  noteEarlyReturn,
  recordCancelRefused,
  replaceHash,
} from '@sluice/withdrawal-core';
import { compareHoldsAgain } from '../restored/compare-again.js';
import { advanced, releasesWhatMayBePaid } from '../restored/give-order.js';
import { isUnprovenRelease, SagaBatches, UnknownWithdrawals } from './saga-batches.js';
import { crashAt } from '@sluice/runtime';
import { isAwaited, WithdrawalWaiters } from '../waiting/waiters.js';
import { reportItemOf } from '../recovery/overdue-answers.js';
import { recordOpenedAccounts } from '../../accounts/account-store.js';
import { changedOrderCase, openCases, type OpenedCase } from '../../cases/withdrawal-cases.js';
import { haltVenues } from '../../halts/halt-venues.js';
import {
  lookSoon,
  saveCancelRequests,
  saveVenues,
  saveWaits,
} from '../../rows/withdrawal-writes.js';
import { withWallets } from '../../catalogue/known-wallets.js';
import { updateWithdrawals, type StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { isHoldOfTriedVenue, orderMismatches } from './reported-order.js';
import {
  type BatchChanges,
  changedAmong,
  leftAfterLong,
  measureSteps,
  recordChange,
  recordWait,
} from './batch-changes.js';
import { bookArrival } from './coins-arrived.js';
import { continueLost, insertContinued } from './continue-lost.js';
import {
  asEndedBefore,
  creditEarlyReturn,
  paidBefore,
  receiptsAgain,
  recordStep,
  takeOwnStep,
} from './record-step.js';
import type { InboundEvent, ReportedChange } from './inbound-event.js';
import {
  illegalFactCase,
  mismatchCase,
  notifiedOtherwiseCases,
  ORDER_MISMATCH_CASES,
  unprovenRefusalCase,
} from './saga-cases.js';
import { resubmit, submitAssigned, submitHeldAgain } from './submit-again.js';
import { bookWalletCost, countWalletCosts, refusedCostCase } from './wallet-costs.js';
import { reportMessage } from '../../wire/wire.js';

/** Applies events to withdrawals and sends the resulting commands, in one transaction per batch. */
@Injectable()
export class Saga {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly waiters: WithdrawalWaiters,
    @InjectLogger() private readonly logger: Logger,
    private readonly batches: SagaBatches,
  ) {}

  /**
   * Throws UnknownWithdrawals, with a rollback of the whole batch, for withdrawals not on record.
   */
  async take(events: readonly InboundEvent[]): Promise<void> {
    try {
      await this.takeAll(events);
    } catch (error) {
      if (error instanceof UnknownWithdrawals)
        await this.unitOfWork.run((tx) => compareHoldsAgain(tx, error.withdrawalIds));
      throw error;
    }
  }

  private async takeAll(events: readonly InboundEvent[]): Promise<void> {
    const saved = await this.unitOfWork.run(async (tx) => {
      const { fresh, batch } = await this.batches.begin(tx, events);
      const at = await tx.now();
      for (const event of fresh) this.apply(event, batch, at);
      const opened = await this.save(tx, batch, at);
      crashAt('saga.before-commit');
      return { changed: batch.changed, left: batch.left, opened };
    });
    crashAt('saga.after-commit');
    for (const stored of saved.changed.values()) this.waiters.wake(stored);
    measureSteps(saved.left);
    for (const { withdrawalId, state, trigger } of saved.opened) {
      if (ORDER_MISMATCH_CASES.has(trigger)) countOrderMismatch('intake-api');
      this.logger.error(
        { withdrawalId, state, trigger },
        'a case was opened: an event contradicts the state of the withdrawal',
      );
    }
  }

  private apply(event: InboundEvent, batch: BatchChanges, at: Date): void {
    const { change } = event;
    if (change.kind === 'nothing') return;
    if (change.kind === 'alarm') return this.logger.error({ messageId: event.id }, change.text);
    if (change.kind === 'account_opened') return void batch.accounts.add(change.accountId);
    if (change.kind === 'gas_spent' || change.kind === 'gas_topped_up')
      return bookWalletCost(batch, event, change, at);
    if (change.kind === 'coins_arrived') return bookArrival(batch, event, change.arrived, at);
    if (change.kind === 'cost_refused') return void batch.cases.push(refusedCostCase(change, at));
    const stored = batch.rows.get(change.withdrawalId);
    if (!stored) return;
    const { withdrawal } = stored;
    if (change.kind === 'fee_recorded') return recordFeeBooked(batch, stored);
    if (change.kind === 'command_refused') return this.takeRefusal(batch, event, stored, at);
    if (!batch.authority.isAsRequested(stored))
      return void batch.cases.push(changedOrderCase(stored));
    if (change.kind === 'hold_assigned') return submitAssigned(batch, event, stored, change, at);
    // report of a former venue, without effect
    if (change.kind !== 'fact' && change.by !== withdrawal.venue) return;
    if (change.kind === 'waits') return recordWait(batch, change);
    if (change.kind === 'expected') return recordExpected(batch, stored, change.at);
    if (change.kind === 'missing') return resubmit(batch, event, stored, at);
    if (change.kind === 'cancel_refused') return recordCancelRefusal(batch, stored, change.message);

    const { accountId, asset } = withdrawal.order;
    const fact = asNotifiedBefore(withdrawal, asEndedBefore(stored, change.fact(asset)));
    if (fact.trigger === 'hold_placed' && isHoldOfTriedVenue(stored, change.reported)) return;
    const differs = orderMismatches(stored, change.reported ?? {});
    if (differs.length > 0)
      return void batch.cases.push(
        mismatchCase(stored, { by: change.by, fact, reported: change.reported, differs }),
      );
    const receipts = receiptsAgain(stored, fact, change);
    if (receipts !== null) return submitHeldAgain(batch, event, stored, receipts, at);
    // duplicate answer to a repeated request
    if (isKnownAlready(withdrawal, fact, change.by)) return;
    if (isOutOfOrder(withdrawal, fact, change.by))
      return void batch.outgoing.push(
        reportMessage(withdrawal.venue, reportItemOf(withdrawal.order.id, withdrawal.state), at),
      );
    const { proof: givenProof = stored.proof } = change;
    const noted = change.by === withdrawal.venue ? noteEarlyReturn(withdrawal, fact) : null;
    if (noted) return recordChange(batch, { ...stored, withdrawal: noted, proof: givenProof });
    const replaced = change.by === withdrawal.venue ? replaceHash(withdrawal, fact) : null;
    if (replaced) return recordChange(batch, { ...stored, withdrawal: replaced });
    const route = withWallets(batch.routes.get(asset)?.venues ?? [], batch.wallets, {
      accountId,
      network: networkOf(asset),
    });
    const step = advanced(stored, fact, { at, by: change.by, route }, batch.holds);
    if (step.ok && releasesWhatMayBePaid(batch, stored, step.value)) return;
    const given = withGiven(stored, change);
    if (
      step.ok &&
      given.proof === null &&
      step.value.commands.some(({ kind }) => kind === 'assign')
    )
      batch.cases.push(unprovenRefusalCase(event.id, withdrawal, fact));
    else if (step.ok) {
      recordStep(batch, event, given, step.value, at);
      creditEarlyReturn(batch, event, withdrawal.order.id, at);
      if (change.heldBefore) continueLost(batch, stored, change.heldBefore);
      batch.cases.push(...notifiedOtherwiseCases(withdrawal, fact));
    } else
      batch.cases.push(
        illegalFactCase(event.id, change.withdrawalId, step.refusal.from, fact, change.by),
      );
  }

  /** A refusal that proves a payment completes the withdrawal; any other refusal opens a case. */
  private takeRefusal(
    batch: BatchChanges,
    event: InboundEvent,
    stored: StoredWithdrawal,
    at: Date,
  ): void {
    const { change } = event;
    if (change.kind !== 'command_refused') return;
    const facts = batch.authority.isAsRequested(stored) ? paidBefore(stored, change) : [];
    if (facts.length === 0) this.recordCommandRefused(batch, stored, change);
    for (const fact of facts) takeOwnStep(batch, event, change.withdrawalId, fact, at);
  }

  /**
   * A refused command opens a case, except if it depends on a lost command, or if a cancel came
   * after the approval.
   */
  private recordCommandRefused(
    batch: BatchChanges,
    { withdrawal }: StoredWithdrawal,
    change: Extract<ReportedChange, { kind: 'command_refused' }>,
  ): void {
    const { command, reason } = change;
    const withdrawalId = withdrawal.order.id;
    if (isUnprovenRelease(change) && batch.releasedWhileWaiting.has(withdrawalId))
      return this.logger.info(
        { withdrawalId, command },
        'the withdrawal was approved before its cancel request: the venue stops it',
      );
    if (withdrawal.state === 'capturing' && reason === 'hold_not_captured')
      return this.logger.warn(
        { withdrawalId, command },
        'the ledger did not receive an earlier capture: both commands are sent again',
      );
    this.logger.error(
      { withdrawalId, command, reason },
      'the ledger refused a command for a withdrawal',
    );
    const messageId = `refused ${command} ${withdrawalId}`;
    batch.cases.push({
      messageId,
      withdrawalId,
      state: withdrawal.state,
      trigger: 'command_refused',
      detail: `${command}: ${reason}`,
    });
  }

  /** Returns the cases not open before. */
  private async save(tx: Tx, batch: BatchChanges, at: Date): Promise<readonly OpenedCase[]> {
    saveVenues(tx, changedAmong(batch, batch.rerouted)); // the list of ended withdrawals has the last venue
    if (batch.changed.size > 0) {
      updateWithdrawals(tx, [...batch.changed.values()], batch.history, at);
      lookSoon(tx, leftAfterLong(batch));
      this.waiters.notifyOthers(tx, maybeAwaited(batch), [...batch.changed.keys()]);
    }
    // the statement before has released the references
    await insertContinued(tx, batch.continued, at);
    saveCancelRequests(
      tx,
      changedAmong(batch, batch.refusedCancels).map(({ withdrawal }) => withdrawal),
    );
    saveWaits(tx, batch.waits);
    recordOpenedAccounts(tx, [...batch.accounts]);
    tx.publish(...batch.outgoing);
    const above = await countWalletCosts(tx, batch.costs, batch.worths);
    const opened = await openCases(tx, [...batch.cases, ...above]);
    const faults = opened.filter(({ trigger }) => trigger === 'venue_fact_not_as_asked');
    await haltVenues(
      tx,
      faults.map((fault) => ({
        ...fault,
        venue: batch.rows.get(fault.withdrawalId)?.withdrawal.venue ?? '',
      })),
    );
    return opened;
  }
}

function withGiven(
  stored: StoredWithdrawal,
  change: Extract<ReportedChange, { kind: 'fact' }>,
): StoredWithdrawal {
  const {
    timedReceipt = stored.timedReceipt,
    signerReceipt = stored.signerReceipt,
    proof = stored.proof,
  } = change;
  return { ...stored, timedReceipt, signerReceipt, proof };
}

/** A notification is omitted if unneeded: PostgreSQL commits transactions with one in sequence. */
function maybeAwaited({ left, refusedCancels }: BatchChanges): readonly string[] {
  const moved = left.filter(({ state, after }) => isAwaited(state, after.withdrawal));
  return [...refusedCancels, ...moved.map(({ after }) => after.withdrawal.order.id)];
}

/** Without effect if the submission has started already. */
function recordExpected(batch: BatchChanges, stored: StoredWithdrawal, expectedAt: Date): void {
  const { withdrawal } = stored;
  if (withdrawal.state !== 'submitting') return;
  recordChange(batch, { ...stored, withdrawal: { ...withdrawal, expectedAt } });
}

function recordCancelRefusal(batch: BatchChanges, stored: StoredWithdrawal, message: string): void {
  const withdrawal = recordCancelRefused(stored.withdrawal, message);
  if (!withdrawal) return;
  recordChange(batch, { ...stored, withdrawal });
  batch.refusedCancels.add(withdrawal.order.id);
}

function recordFeeBooked(batch: BatchChanges, stored: StoredWithdrawal): void {
  const { withdrawal } = stored;
  if (withdrawal.venueFee !== null && !withdrawal.venueFeeRecorded)
    recordChange(batch, { ...stored, withdrawal: { ...withdrawal, venueFeeRecorded: true } });
}
