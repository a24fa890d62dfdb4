import type { OnModuleDestroy } from '@nestjs/common';
import { MAX_REPORT_ITEMS, type WireMessage } from '@sluice/messages';
import type { Database, Tx, UnitOfWork } from '@sluice/postgres';
import type { Logger } from '@sluice/service-shell';
import {
  commandMessage,
  openAccountMessage,
  placeHoldMessage,
  reportMessage,
} from '../kafka/wire.js';
import { findByIds, type StoredWithdrawal } from '../postgres/withdrawal-store.js';
import {
  ASK_ALL_NOW,
  openWithdrawals,
  releaseReasons,
  takeTurn,
  TURN_IS_DUE,
  type Turn,
} from './open-withdrawals.js';
import { owedOf, type Owed } from './owed.js';
import { cancelAgain, ledgerAgain } from './send-again.js';

const LOOK_MS = 2_000;
const MOST_ACCOUNTS = 500;

/**
 * Asks again for what is owed for too long, because Kafka can lose what it acknowledged: the ledger gets the same command once more, a
 * connector is asked what has become of its withdrawals. Receivers answer a repeat with what they know. One instance at a time does it,
 * nothing is asked while our own messages do not leave, and when nothing is owed it is one look at one row.
 */
export class Healing implements OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly logger: Logger,
  ) {}

  static started(database: Database, unitOfWork: UnitOfWork, logger: Logger): Healing {
    const healing = new Healing(database, unitOfWork, logger);
    healing.plan();
    return healing;
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  /** Kafka has lost a part of its log: nobody waits for their turn. */
  async askAll(): Promise<void> {
    await this.database.query(ASK_ALL_NOW);
  }

  /** Answers whether it was this instance's turn. */
  async look(): Promise<boolean> {
    if ((await this.database.query(TURN_IS_DUE)).length === 0) return false;
    return this.unitOfWork.run(async (tx) => {
      const turn = await takeTurn(tx);
      if (turn) await this.askAgain(tx, turn);
      return turn !== null;
    });
  }

  private plan(): void {
    this.timer = setTimeout(() => {
      this.running = this.look()
        .catch((error: unknown) =>
          this.logger.warn({ err: error }, 'what is owed was not asked for, will be tried again'),
        )
        .then(() => (this.stopped ? undefined : this.plan()));
    }, LOOK_MS);
  }

  private async askAgain(tx: Tx, turn: Turn): Promise<void> {
    const owed = owedOf(await openWithdrawals(tx), turn);
    const at = await tx.now();
    const commands = await this.commandsAgain(tx, owed, at);
    const reports = [...owed.byVenue].flatMap(([venue, items]) =>
      chunks(items, MAX_REPORT_ITEMS).map((part) => reportMessage(venue, part, at)),
    );
    const accounts = await accountsAgain(tx, at);
    tx.publish(...commands, ...reports, ...accounts);
    if (commands.length > 0 || accounts.length > 0)
      this.logger.info(
        { commands: commands.length, accounts: accounts.length },
        'commands were sent again: their answers are overdue',
      );
  }

  private async commandsAgain(
    tx: Tx,
    { byLedger, cancels }: Owed,
    at: Date,
  ): Promise<WireMessage[]> {
    if (byLedger.length + cancels.length === 0) return [];
    const stored = new Map(
      (await findByIds(tx, [...byLedger, ...cancels])).map((one) => [one.withdrawal.order.id, one]),
    );
    const reasons = await releaseReasons(tx, byLedger);
    const known = (ids: readonly string[]) => ids.flatMap((id) => stored.get(id) ?? []);
    return [
      ...known(byLedger).flatMap((one) =>
        toLedger(one, reasons.get(one.withdrawal.order.id) || 'not paid', at),
      ),
      ...known(cancels).flatMap((one) =>
        cancelAgain(one).map((command) => commandMessage(one, command, at)),
      ),
    ];
  }
}

function toLedger(stored: StoredWithdrawal, because: string, at: Date): WireMessage[] {
  if (stored.withdrawal.state === 'requested') return [placeHoldMessage(stored, at)];
  return ledgerAgain(stored, because).map((command) => commandMessage(stored, command, at));
}

/** Accounts that the ledger has not said to have opened. */
async function accountsAgain(tx: Tx, at: Date): Promise<WireMessage[]> {
  const rows = await tx.query<{ id: string; name: string }>(
    `SELECT id, name FROM account WHERE ledger_opened_at IS NULL AND created_at < clock_timestamp() - interval '15 seconds' ORDER BY created_at LIMIT ${MOST_ACCOUNTS}`,
  );
  return rows.map(({ id, name }) => openAccountMessage(id, name, at));
}

function chunks<T>(rows: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}
