import type { WireMessage } from '@sluice/messages';
import type { Tx, UnitOfWork } from '@sluice/postgres';
import type { Logger } from '@sluice/service-shell';
import { advanceWithdrawal, noteCancelRefused, type Fact, type Step, type Withdrawal } from '@sluice/withdrawal-core';
import { crashAt } from '@sluice/crash-point';
import type { WithdrawalWaiters } from '../http/withdrawal-waiters.js';
import {
  insertHistory,
  lockWithdrawals,
  saveCancelWishes,
  updateWithdrawals,
  type HistoryStep,
  type StoredWithdrawal,
} from '../postgres/withdrawal-store.js';
import type { News } from './facts.js';
import { commandMessage, withdrawalChangedMessage } from './wire.js';

/** One message, in the saga's words. */
export interface Told {
  readonly id: string;
  readonly news: News;
}

export const CHANGED_CHANNEL = 'withdrawal_changed';

/** What a batch did, kept until its commit is certain. */
interface Turn {
  readonly rows: Map<string, StoredWithdrawal>;
  readonly changed: Map<string, StoredWithdrawal>;
  readonly refusedCancels: Set<string>;
  readonly history: HistoryStep[];
  readonly outgoing: WireMessage[];
  readonly cases: Case[];
}

interface Case {
  readonly told: Told;
  readonly withdrawalId: string;
  readonly state: string;
  readonly fact: Fact;
}

/** Takes what the ledger and the venues say, moves withdrawals on, and asks for what comes next: one transaction for a batch. */
export class Saga {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly waiters: WithdrawalWaiters,
    private readonly logger: Logger,
    /** Tells this process's own notifications from those of other instances. */
    private readonly instance: string,
  ) {}

  async take(batch: readonly Told[]): Promise<void> {
    const turn = await this.unitOfWork.run(async (tx) => {
      const ids = [...new Set(batch.flatMap(({ news }) => ('withdrawalId' in news ? [news.withdrawalId] : [])))];
      const [fresh, rows] = await Promise.all([tx.claimInbox(batch), lockWithdrawals(tx, ids)]);
      const turn: Turn = { rows, changed: new Map(), refusedCancels: new Set(), history: [], outgoing: [], cases: [] };
      const at = new Date();
      for (const told of fresh) this.hear(turn, told, at);
      this.save(tx, turn, at);
      crashAt('K7');
      return turn;
    });
    crashAt('K8');
    for (const stored of turn.changed.values()) this.waiters.wake(stored);
    for (const open of turn.cases)
      this.logger.error(
        { withdrawalId: open.withdrawalId, state: open.state, trigger: open.fact.trigger },
        'case opened: a fact that cannot be true now',
      );
  }

  private hear(turn: Turn, told: Told, at: Date): void {
    const { news } = told;
    if (news.kind === 'nothing') return;
    if (news.kind === 'alarm') return this.logger.error({ messageId: told.id }, news.text);
    const stored = turn.rows.get(news.withdrawalId);
    if (!stored) throw new Error(`withdrawal ${news.withdrawalId} is not on record`);
    if (news.kind === 'expected' && stored.withdrawal.state !== 'submitting') return; // its turn has come already
    if (news.kind === 'expected') return change(turn, { ...stored, withdrawal: { ...stored.withdrawal, expectedAt: news.at } });
    if (news.kind === 'cancel_refused') return noteRefusal(turn, stored, news.message);

    const fact = news.fact(stored.withdrawal.order.asset);
    const step = advanceWithdrawal(stored.withdrawal, fact, at);
    if (step.ok) record(turn, told, stored, step.value, at);
    else turn.cases.push({ told, withdrawalId: news.withdrawalId, state: step.refusal.from, fact });
  }

  private save(tx: Tx, turn: Turn, at: Date): void {
    if (turn.changed.size > 0) {
      updateWithdrawals(tx, withdrawalsOf(turn), at);
      void tx.query(`SELECT pg_notify('${CHANGED_CHANNEL}', $1)`, [this.instance]);
    }
    if (turn.refusedCancels.size > 0)
      saveCancelWishes(
        tx,
        withdrawalsOf(turn).filter(({ order }) => turn.refusedCancels.has(order.id)),
      );
    if (turn.history.length > 0) insertHistory(tx, turn.history, at);
    if (turn.cases.length > 0) insertCases(tx, turn.cases);
    tx.publish(...turn.outgoing);
  }
}

function record(turn: Turn, told: Told, before: StoredWithdrawal, { withdrawal, trigger, detail, commands }: Step, at: Date): void {
  const after = { ...before, withdrawal };
  change(turn, after);
  turn.history.push({
    withdrawalId: withdrawal.order.id,
    sequence: withdrawal.sequence,
    from: before.withdrawal.state,
    to: withdrawal.state,
    trigger,
    detail,
  });
  turn.outgoing.push(withdrawalChangedMessage(after, at, told.id), ...commands.map((command) => commandMessage(withdrawal, command, at, told.id)));
}

function noteRefusal(turn: Turn, stored: StoredWithdrawal, message: string): void {
  const withdrawal = noteCancelRefused(stored.withdrawal, message);
  if (!withdrawal) return;
  change(turn, { ...stored, withdrawal });
  turn.refusedCancels.add(withdrawal.order.id);
}

function change(turn: Turn, after: StoredWithdrawal): void {
  turn.rows.set(after.withdrawal.order.id, after);
  turn.changed.set(after.withdrawal.order.id, after);
}

function withdrawalsOf(turn: Turn): Withdrawal[] {
  return [...turn.changed.values()].map((stored) => stored.withdrawal);
}

function insertCases(tx: Tx, cases: readonly Case[]): void {
  void tx.query(
    `INSERT INTO withdrawal_case (withdrawal_id, message_id, state, trigger, detail)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
    [
      cases.map((open) => open.withdrawalId),
      cases.map((open) => open.told.id),
      cases.map((open) => open.state),
      cases.map((open) => open.fact.trigger),
      cases.map((open) => JSON.stringify(open.fact)),
    ],
  );
}
