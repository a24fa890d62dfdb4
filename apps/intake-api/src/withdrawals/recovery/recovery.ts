import { Inject, Injectable } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { MAX_REPORT_ITEMS, type WireMessage } from '@sluice/messages';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import {
  countOrderMismatch,
  InjectLogger,
  InjectPlatform,
  type Logger,
  LoopingService,
  type Platform,
} from '@sluice/service-shell';
import {
  commandMessage,
  openAccountMessage,
  placeHoldMessage,
  reportMessage,
  type CommandContext,
} from '../../wire/wire.js';
import { RestoreGuard } from '../restored/restore-guard.js';
import { OrderAuthority } from '../../orders/order-authority.js';
import { changedOrderCase, openCases } from '../../cases/withdrawal-cases.js';
import { findByIds, type StoredWithdrawal } from '../../rows/withdrawal-store.js';
import {
  lookedAt,
  overdueAnswers,
  type OverdueAnswers,
  releaseReasons,
  REPEAT_ALL_NOW,
  RUN_IS_DUE,
  takeRun,
} from './overdue-answers.js';
import { repeatCancel, repeatLedgerCommands, withoutHeld } from './held-orders.js';

/** Longest time between two runs; the common poll wakes the loop when a run is due. */
const REST_MS = 60_000;
const AGAIN_MS = 2_000;
const MAX_ACCOUNTS = 500;

/**
 * Requests overdue answers again, because Kafka can lose acknowledged messages: the same command
 * from the ledger, a report from a connector. One instance at a time, and only while the outbox
 * drains.
 */
@Injectable()
export class Recovery extends LoopingService {
  protected readonly loop: BackgroundLoop;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly authority: OrderAuthority,
    @InjectLogger() private readonly logger: Logger,
    @InjectPlatform() private readonly platform: Pick<Platform, 'onLogLoss'>,
    @Inject(RestoreGuard) private readonly guard: Pick<RestoreGuard, 'holds'>,
  ) {
    super();
    this.loop = new BackgroundLoop('recovery', logger, () => this.runIfDue().then(() => REST_MS), {
      firstRestMs: REST_MS,
      afterFaultMs: AGAIN_MS,
    });
  }

  override onApplicationBootstrap(): void {
    this.platform.onLogLoss(
      () => void this.repeatAll().catch((error: unknown) => this.warn(error)),
    );
    this.unitOfWork.database.poll.wakeWhile(() => RUN_IS_DUE, this.loop);
    super.onApplicationBootstrap();
  }

  /** Schedules a run for all overdue answers, after Kafka has lost a part of a log. */
  async repeatAll(): Promise<void> {
    await this.unitOfWork.database.query(REPEAT_ALL_NOW);
  }

  /** Runs recovery if due. Returns whether this instance ran recovery. */
  async runIfDue(): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      const isTaken = await takeRun(tx);
      if (isTaken) await this.repeatOverdue(tx);
      return isTaken;
    });
  }

  private warn(error: unknown): void {
    this.logger.warn(
      { err: error },
      'the recovery run failed: the next run requests the overdue answers',
    );
  }

  private async repeatOverdue(tx: Tx): Promise<void> {
    const overdue = overdueAnswers(await lookedAt(tx));
    const at = await tx.now();
    const commands = await this.repeatedCommands(tx, overdue, at);
    const context = { at, authority: this.authority };
    const { ofVenues, takenBack } = await withoutHeld(tx, this.guard, overdue, context);
    const reports = [...ofVenues].flatMap(([venue, items]) =>
      chunks(items, MAX_REPORT_ITEMS).map((part) => reportMessage(venue, part, at)),
    );
    const accounts = await repeatedAccounts(tx, at);
    tx.publish(...commands, ...takenBack, ...reports, ...accounts);
    if (commands.length > 0 || accounts.length > 0)
      this.logger.info(
        { commands: commands.length, accounts: accounts.length },
        'commands with overdue answers were sent again',
      );
  }

  /** Opens cases for rows different from the customer's order, for which no command is sent. */
  private async report(tx: Tx, changed: readonly StoredWithdrawal[]): Promise<void> {
    for (const { withdrawalId, trigger } of await openCases(tx, changed.map(changedOrderCase))) {
      countOrderMismatch('intake-api');
      this.logger.error(
        { withdrawalId, trigger },
        'a case was opened: the row of a withdrawal differs from the requested order',
      );
    }
  }

  private async repeatedCommands(
    tx: Tx,
    { ofLedger, cancels }: OverdueAnswers,
    at: Date,
  ): Promise<WireMessage[]> {
    if (ofLedger.length + cancels.length === 0) return [];
    const stored = new Map(
      (await findByIds(tx, [...ofLedger, ...cancels])).map((one) => [one.withdrawal.order.id, one]),
    );
    const reasons = await releaseReasons(tx, ofLedger);
    const changed = [...stored.values()].filter((one) => !this.authority.isAsRequested(one));
    await this.report(tx, changed);
    const known = (ids: readonly string[]) =>
      ids.flatMap((id) => stored.get(id) ?? []).filter((one) => !changed.includes(one));
    const context = { at, authority: this.authority };
    return [
      ...known(ofLedger).flatMap((one) =>
        toLedger(one, reasons.get(one.withdrawal.order.id) || 'not paid', context),
      ),
      ...known(cancels).flatMap((one) =>
        repeatCancel(one).map((command) => commandMessage(one, command, context)),
      ),
    ];
  }
}

function toLedger(
  stored: StoredWithdrawal,
  because: string,
  context: CommandContext,
): WireMessage[] {
  const { state } = stored.withdrawal;
  const commands = repeatLedgerCommands(stored, because).map((command) =>
    commandMessage(stored, command, context),
  );
  return state === 'requested' || state === 'awaiting_approval'
    ? [placeHoldMessage(stored, context.at), ...commands]
    : commands;
}

/** Open-account commands for accounts not yet reported as opened by the ledger. */
async function repeatedAccounts(tx: Tx, at: Date): Promise<WireMessage[]> {
  const rows = await tx.query<{ id: string; name: string }>(
    `SELECT id, name FROM account WHERE ledger_opened_at IS NULL AND created_at < clock_timestamp() - interval '15 seconds' ORDER BY created_at LIMIT ${MAX_ACCOUNTS}`,
  );
  return rows.map(({ id, name }) => openAccountMessage(id, name, at));
}

function chunks<T>(rows: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}
