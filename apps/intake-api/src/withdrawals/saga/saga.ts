import type { WireMessage } from '@sluice/messages';
import type { Asset } from '@sluice/money';
import type { Tx, UnitOfWork } from '@sluice/postgres';
import { countOrderMismatch, type Logger } from '@sluice/service-shell';
import {
  advanceWithdrawal,
  comesTooEarly,
  isHealedElsewhere,
  isKnownAlready,
  noteCancelRefused,
  type Command,
  type Fact,
  type State,
  type Step,
} from '@sluice/withdrawal-core';
import { crashAt } from '@sluice/crash-point';
import type { WithdrawalWaiters } from '../withdrawal-waiters.js';
import { itemOf } from '../recovery/overdue-answers.js';
import { cancelAgain, submitAgain } from '../recovery/repeat-commands.js';
import { noteOpenedAccounts } from '../../accounts/account-store.js';
import { openCases, type OpenedCase } from '../withdrawal-cases.js';
import { saveCancelWishes, saveVenues } from '../cancel-and-venue-updates.js';
import { findRoutes, type Route } from '../../catalogue/route-store.js';
import {
  insertHistory,
  lockWithdrawals,
  updateWithdrawals,
  type HistoryStep,
  type StoredWithdrawal,
} from '../withdrawal-store.js';
import { notAsAsked, type OrderAsTold } from './reported-order.js';
import type { News } from './inbound-event.js';
import { commandMessage, reportMessage, withdrawalChangedMessage } from '../wire.js';

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
  readonly cases: OpenedCase[];
  /** Accounts that the ledger has opened. */
  readonly accounts: Set<string>;
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
      const ids = [
        ...new Set(
          batch.flatMap(({ news }) => ('withdrawalId' in news ? [news.withdrawalId] : [])),
        ),
      ];
      const [fresh, rows] = await Promise.all([tx.claimInbox(batch), lockWithdrawals(tx, ids)]);
      const routes = await routesFor(tx, fresh, rows);
      const turn: Turn = {
        rows,
        routes,
        changed: new Map(),
        refusedCancels: new Set(),
        rerouted: new Set(),
        history: [],
        outgoing: [],
        cases: [],
        accounts: new Set(),
      };
      const at = await tx.now();
      for (const told of fresh) this.hear(turn, told, at);
      const opened = await this.save(tx, turn, at);
      crashAt('saga.before-commit');
      return { changed: turn.changed, opened };
    });
    crashAt('saga.after-commit');
    for (const stored of turn.changed.values()) this.waiters.wake(stored);
    for (const { withdrawalId, state, trigger } of turn.opened) {
      if (NOT_AS_ASKED.has(trigger)) countOrderMismatch('intake-api');
      this.logger.error(
        { withdrawalId, state, trigger },
        'case opened: a fact that cannot be true now',
      );
    }
  }

  private hear(turn: Turn, told: Told, at: Date): void {
    const { news } = told;
    if (news.kind === 'nothing') return;
    if (news.kind === 'alarm') return this.logger.error({ messageId: told.id }, news.text);
    if (news.kind === 'account_opened') return void turn.accounts.add(news.accountId);
    const stored = turn.rows.get(news.withdrawalId);
    if (!stored && news.kind === 'fee_recorded') return; // booked by hand, of something that is not ours
    if (!stored) throw new Error(`withdrawal ${news.withdrawalId} is not on record`);
    const { withdrawal } = stored;
    if (news.kind === 'fee_recorded') return noteFee(turn, stored);
    if (news.kind === 'command_refused') return this.noteCommandRefused(turn, stored, news);
    if (news.kind !== 'fact' && news.by !== withdrawal.venue) return; // a venue that is out of it; it moves nothing
    if (news.kind === 'expected' && withdrawal.state !== 'submitting') return; // its turn has come already
    if (news.kind === 'expected')
      return change(turn, { ...stored, withdrawal: { ...withdrawal, expectedAt: news.at } });
    if (news.kind === 'missing') return orderAgain(turn, told, stored, at);
    if (news.kind === 'cancel_refused') return noteRefusal(turn, stored, news.message);

    const { asset } = withdrawal.order;
    const fact = news.fact(asset);
    const differs = notAsAsked(stored, news.asTold ?? {});
    if (differs.length > 0)
      return void turn.cases.push(
        otherOrder(stored, { by: news.by, fact, asTold: news.asTold, differs }),
      );
    if (isKnownAlready(withdrawal, fact, news.by)) return; // the answer to somebody who had not heard the first one
    if (comesTooEarly(withdrawal, fact, news.by))
      return void turn.outgoing.push(
        reportMessage(withdrawal.venue, itemOf(withdrawal.order.id, withdrawal.state), at),
      );
    const step = advanceWithdrawal(withdrawal, fact, {
      at,
      by: news.by,
      route: turn.routes.get(asset)?.venues ?? [],
    });
    if (step.ok) record(turn, told, stored, step.value, at);
    else turn.cases.push(caseOf(told.id, news.withdrawalId, step.refusal.from, fact, news.by));
  }

  /** Asked again, the ledger would refuse it again: from here on a person has to look. */
  private noteCommandRefused(
    turn: Turn,
    { withdrawal }: StoredWithdrawal,
    { command, reason }: Extract<News, { kind: 'command_refused' }>,
  ): void {
    const withdrawalId = withdrawal.order.id;
    this.logger.error(
      { withdrawalId, command, reason },
      'the ledger refused a command about a withdrawal',
    );
    const messageId = `refused ${command} ${withdrawalId}`;
    turn.cases.push({
      messageId,
      withdrawalId,
      state: withdrawal.state,
      trigger: 'command_refused',
      detail: `${command}: ${reason}`,
    });
  }

  /** Answers the cases that were not open before. */
  private async save(tx: Tx, turn: Turn, at: Date): Promise<readonly OpenedCase[]> {
    if (turn.changed.size > 0) {
      updateWithdrawals(tx, [...turn.changed.values()], at);
      void tx.query(`SELECT pg_notify('${CHANGED_CHANNEL}', $1)`, [this.instance]);
    }
    saveVenues(tx, changedOf(turn, turn.rerouted));
    saveCancelWishes(
      tx,
      changedOf(turn, turn.refusedCancels).map(({ withdrawal }) => withdrawal),
    );
    noteOpenedAccounts(tx, [...turn.accounts]);
    if (turn.history.length > 0) insertHistory(tx, turn.history, at);
    tx.publish(...turn.outgoing);
    return openCases(tx, turn.cases);
  }
}

/** One look-up for the whole batch, and none when nothing in it was refused for a reason that another venue may heal. */
async function routesFor(
  tx: Tx,
  fresh: readonly Told[],
  rows: Map<string, StoredWithdrawal>,
): Promise<ReadonlyMap<Asset, Route>> {
  const assets = fresh.flatMap(({ news }) => {
    if (news.kind !== 'fact') return [];
    const asset = rows.get(news.withdrawalId)?.withdrawal.order.asset;
    return asset !== undefined && isHealedElsewhere(news.fact(asset)) ? [asset] : [];
  });
  return assets.length === 0 ? new Map() : findRoutes(tx, [...new Set(assets)]);
}

function record(
  turn: Turn,
  told: Told,
  before: StoredWithdrawal,
  { withdrawal, trigger, detail, decision, commands }: Step,
  at: Date,
): void {
  const order = commands.find((command) => command.kind === 'submit');
  const after = {
    ...before,
    withdrawal,
    ...(order && { orderedAt: at, submitBy: order.notAfter }),
  };
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
  turn.outgoing.push(
    withdrawalChangedMessage(after, at, told.id),
    ...commands.map((command) => commandMessage(after, command, at, told.id)),
  );
}

const NOT_AS_ASKED: ReadonlySet<string> = new Set(['hold_not_as_asked', 'venue_fact_not_as_asked']);

interface OtherOrder {
  readonly by: string | null;
  readonly fact: Fact;
  readonly asTold: OrderAsTold | undefined;
  readonly differs: readonly string[];
}

/** Somebody speaks of another order than the one that is on record: nothing is sent or confirmed on that. */
function otherOrder({ withdrawal }: StoredWithdrawal, detail: OtherOrder): OpenedCase {
  const trigger = detail.by === null ? 'hold_not_as_asked' : 'venue_fact_not_as_asked';
  const withdrawalId = withdrawal.order.id; // asked again, it may be told again: one case is enough
  return {
    messageId: `${trigger} ${withdrawalId}`,
    withdrawalId,
    state: withdrawal.state,
    trigger,
    detail: JSON.stringify(detail),
  };
}

function noteRefusal(turn: Turn, stored: StoredWithdrawal, message: string): void {
  const withdrawal = noteCancelRefused(stored.withdrawal, message);
  if (!withdrawal) return;
  change(turn, { ...stored, withdrawal });
  turn.refusedCancels.add(withdrawal.order.id);
}

/** The ledger has booked what the venue took. */
function noteFee(turn: Turn, stored: StoredWithdrawal): void {
  const { withdrawal } = stored;
  if (withdrawal.venueFee !== null && !withdrawal.venueFeeRecorded)
    change(turn, { ...stored, withdrawal: { ...withdrawal, venueFeeRecorded: true } });
}

/**
 * The connector has no submission. An order that did not arrive is given once more as it was. One that the venue has had was forgotten (a
 * database put back), and a person hears of it. It is given again too, once it is so old that the connector looks for it at the venue
 * before anything else, and without its deadline: what has begun cannot expire.
 */
function orderAgain(turn: Turn, { id }: Told, stored: StoredWithdrawal, at: Date): void {
  const { state, venue, order } = stored.withdrawal;
  const send = (...commands: readonly Command[]) =>
    turn.outgoing.push(...commands.map((command) => commandMessage(stored, command, at, id)));
  if (state === 'submitting') send(submitAgain(stored), ...cancelAgain(stored));
  if (!HAD_BY_VENUE.has(state)) return;
  const detail = `the connector of ${venue} has no submission of it`;
  turn.cases.push({
    messageId: `missing at ${venue} ${order.id}`,
    withdrawalId: order.id,
    state,
    trigger: 'submission_missing',
    detail,
  });
  if (stored.orderedAt !== null && at.getTime() - stored.orderedAt.getTime() > LOOKED_UP_FIRST_MS)
    send({ kind: 'submit', notAfter: null });
}

/** Connectors look up orders older than a minute before their first send. */
const LOOKED_UP_FIRST_MS = 120_000;
const HAD_BY_VENUE: ReadonlySet<State> = new Set([
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
]);

function change(turn: Turn, after: StoredWithdrawal): void {
  turn.rows.set(after.withdrawal.order.id, after);
  turn.changed.set(after.withdrawal.order.id, after);
}

function changedOf(turn: Turn, ids: Iterable<string>): StoredWithdrawal[] {
  return [...ids].flatMap((id) => turn.changed.get(id) ?? []);
}

function caseOf(
  messageId: string,
  withdrawalId: string,
  state: string,
  fact: Fact,
  by: string | null,
): OpenedCase {
  return {
    messageId,
    withdrawalId,
    state,
    trigger: fact.trigger,
    detail: JSON.stringify(by === null ? fact : { ...fact, venue: by }),
  };
}
