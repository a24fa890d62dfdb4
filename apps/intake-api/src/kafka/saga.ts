import type { WireMessage } from '@sluice/messages';
import type { Asset } from '@sluice/money';
import type { Tx, UnitOfWork } from '@sluice/postgres';
import type { Logger } from '@sluice/service-shell';
import { advanceWithdrawal, isHealedElsewhere, noteCancelRefused, type Fact, type Step, type Withdrawal } from '@sluice/withdrawal-core';
import { crashAt } from '@sluice/crash-point';
import type { WithdrawalWaiters } from '../http/withdrawal-waiters.js';
import { saveCancelWishes, saveVenues } from '../postgres/rare-updates.js';
import { findRoutes, type Route } from '../postgres/route-store.js';
import { insertHistory, lockWithdrawals, updateWithdrawals, type HistoryStep, type StoredWithdrawal } from '../postgres/withdrawal-store.js';
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
  /** Of those that another venue may be able to pay; hardly any batch has one. */
  readonly routes: ReadonlyMap<Asset, Route>;
  readonly refusedCancels: Set<string>;
  readonly rerouted: Set<string>;
  readonly history: HistoryStep[];
  readonly outgoing: WireMessage[];
  readonly cases: Case[];
}

interface Case {
  readonly told: Told;
  readonly withdrawalId: string;
  readonly state: string;
  readonly by: string | null;
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
      const routes = await routesFor(tx, fresh, rows);
      const turn: Turn = { rows, routes, changed: new Map(), refusedCancels: new Set(), rerouted: new Set(), history: [], outgoing: [], cases: [] };
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
    const { withdrawal } = stored;
    if (news.kind !== 'fact' && news.by !== withdrawal.venue) return; // a venue that is out of it; it moves nothing
    if (news.kind === 'expected' && withdrawal.state !== 'submitting') return; // its turn has come already
    if (news.kind === 'expected') return change(turn, { ...stored, withdrawal: { ...withdrawal, expectedAt: news.at } });
    if (news.kind === 'cancel_refused') return noteRefusal(turn, stored, news.message);

    const { asset } = withdrawal.order;
    const fact = news.fact(asset);
    const step = advanceWithdrawal(withdrawal, fact, { at, by: news.by, route: turn.routes.get(asset)?.venues ?? [] });
    if (step.ok) record(turn, told, stored, step.value, at);
    else turn.cases.push({ told, withdrawalId: news.withdrawalId, state: step.refusal.from, by: news.by, fact });
  }

  private save(tx: Tx, turn: Turn, at: Date): void {
    if (turn.changed.size > 0) {
      updateWithdrawals(tx, withdrawalsOf(turn), at);
      void tx.query(`SELECT pg_notify('${CHANGED_CHANNEL}', $1)`, [this.instance]);
    }
    saveVenues(tx, withdrawalsOf(turn, turn.rerouted));
    saveCancelWishes(tx, withdrawalsOf(turn, turn.refusedCancels));
    if (turn.history.length > 0) insertHistory(tx, turn.history, at);
    if (turn.cases.length > 0) insertCases(tx, turn.cases);
    tx.publish(...turn.outgoing);
  }
}

/** One look-up for the whole batch, and none when nothing in it was refused for a reason that another venue may heal. */
async function routesFor(tx: Tx, fresh: readonly Told[], rows: Map<string, StoredWithdrawal>): Promise<ReadonlyMap<Asset, Route>> {
  const assets = fresh.flatMap(({ news }) => {
    if (news.kind !== 'fact') return [];
    const asset = rows.get(news.withdrawalId)?.withdrawal.order.asset;
    return asset !== undefined && isHealedElsewhere(news.fact(asset)) ? [asset] : [];
  });
  return assets.length === 0 ? new Map() : findRoutes(tx, [...new Set(assets)]);
}

function record(turn: Turn, told: Told, before: StoredWithdrawal, { withdrawal, trigger, detail, decision, commands }: Step, at: Date): void {
  const after = { ...before, withdrawal };
  change(turn, after);
  if (trigger === 'rerouted') turn.rerouted.add(withdrawal.order.id);
  turn.history.push({
    withdrawalId: withdrawal.order.id,
    sequence: withdrawal.sequence,
    from: before.withdrawal.state,
    to: withdrawal.state,
    trigger,
    detail,
    decision,
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

function withdrawalsOf(turn: Turn, ids: Iterable<string> = turn.changed.keys()): Withdrawal[] {
  return [...ids].flatMap((id) => turn.changed.get(id)?.withdrawal ?? []);
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
      cases.map(({ fact, by }) => JSON.stringify(by === null ? fact : { ...fact, venue: by })),
    ],
  );
}
