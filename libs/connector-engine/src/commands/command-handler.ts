import { Controller, Inject, Injectable, type Type } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { destinationOf } from '@sluice/kernel';
import { type Message, venueCommands, type VenueCommands } from '@sluice/messages';
import type { Tx } from '@sluice/postgres';
import { type HaltToOpen, openHalts, OrderCheck } from '@sluice/service-shell';
import { SendAuthority } from '../authority/send-authority.js';
import { type BegunRow, ClaimCommits, type VerifyBegun } from '../queue/claim-commits.js';
import type { FirstIntents } from '../queue/submission-queue.js';
import { UnclaimedReport } from '../record/unclaimed-report.js';
import { LostIntents } from '../restore/lost-intents.js';
import { reportAgain } from '../sent/sent-report.js';
import { SubmissionWorkers } from '../worker/submission-workers.js';
import { CancelHandler } from './cancel-handler.js';
import { type RequestedReport, SubmissionReport } from './submission-report.js';
import { SubmitHandler } from './submit-handler.js';
import {
  type CancelCommand,
  type HaltCommand,
  isSubmit,
  type ReportAgainCommand,
  type ReportCommand,
  type ReportUnclaimedCommand,
  type SubmitCommand,
  type VenueCommand,
} from './venue-command.js';

/**
 * Consumer of `venue.<venue>.commands`: stores the intents. The venue account is known only after
 * the settings are read.
 */
export function commandsConsumerOf(venue: string): Type {
  @Controller()
  class CommandsConsumer {
    constructor(private readonly commands: CommandHandler) {}

    @BatchHandler(venueCommands(venue))
    async onBatch(batch: readonly Message<VenueCommands>[]): Promise<void> {
      await this.commands.handle(batch);
    }
  }
  return CommandsConsumer;
}

const LONGEST_REASON = 64;

@Injectable()
export class StoreCommands {
  constructor(
    private readonly claims: ClaimCommits,
    private readonly submissions: SubmitHandler,
    private readonly cancels: CancelHandler,
    private readonly report: SubmissionReport,
    private readonly lost: LostIntents,
  ) {}

  /**
   * Stores the commands, and the intents of orders that may be sent now. Returns the attempts that
   * began. Without a consistent numbering of attempts every order waits in the queue.
   */
  async store(batch: readonly VenueCommand[], first?: FirstIntents): Promise<readonly BegunRow[]> {
    const storing = this.claims.begin((tx, verify) => this.storeIn(tx, batch, first, verify));
    const begun = await storing.catch((error: unknown) => {
      // No order is lost by a fault of its intent, such as a number given twice: the claim meets it again.
      if (first !== undefined && isFaultOfContent(error)) return null;
      throw error;
    });
    return begun ?? this.store(batch);
  }

  private async storeIn(
    tx: Tx,
    batch: readonly VenueCommand[],
    first: FirstIntents | undefined,
    verify: VerifyBegun,
  ): Promise<readonly BegunRow[]> {
    const orders = batch.filter(isSubmit);
    const fresh = await claimed(tx, batch.filter(isNoSubmit));
    await openHalts(tx, fresh.filter(isHalt).map(haltOf), 'intake-api');
    await reportAgain(
      tx,
      fresh.filter(isReportAgain).map(({ data }) => data.since),
    );
    const { known, begun } = await this.submissions.insert(tx, orders, first, verify);
    const repeated = await claimRepeated(tx, known);
    await this.lost.putBack(
      tx.query.bind(tx),
      orders
        .filter((order) => !known.includes(order) || repeated.includes(order))
        .map(({ data }) => data.clientReference),
    );
    // After the inserts: a batch may contain a withdrawal and its cancel command.
    await this.cancels.note(tx, fresh.filter(isCancel));
    await this.report.answer(tx, fresh.filter(isReport).flatMap(askedIn), repeated);
    return begun;
  }
}

/** Violated constraint, or data that no column can store. */
function isFaultOfContent(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^2[23]/.test(code);
}

/** Claims messages other than orders; the submission of a stored order is the order's claim. */
function claimed<M extends VenueCommand>(tx: Tx, messages: readonly M[]): Promise<readonly M[]> {
  return messages.length === 0 ? Promise.resolve(messages) : tx.claimInbox(messages);
}

type OtherCommand = Exclude<VenueCommand, { type: 'venue.submit-withdrawal.v1' }>;

function isNoSubmit(command: VenueCommand): command is OtherCommand {
  return !isSubmit(command);
}

function isCancel(command: VenueCommand): command is CancelCommand {
  return command.type === 'venue.cancel-withdrawal.v1';
}

function isReport(command: VenueCommand): command is ReportCommand {
  return command.type === 'venue.report-submissions.v1';
}

function isReportAgain(command: VenueCommand): command is ReportAgainCommand {
  return command.type === 'venue.report-again.v1';
}

function isHalt(command: VenueCommand): command is HaltCommand {
  return command.type === 'venue.halt.v1';
}

function haltOf({ data }: HaltCommand): HaltToOpen {
  const { reason, subject, details, accountId } = data;
  const halt = { reason: reason.slice(0, LONGEST_REASON), subject, details };
  return accountId === undefined ? halt : { ...halt, scope: 'account', target: accountId };
}

function askedIn({ id, time, data }: ReportCommand): RequestedReport[] {
  return data.items.map((item) => ({ ...item, messageId: id, time }));
}

interface Kept {
  readonly withdrawal_id: string;
  readonly digest: string;
  readonly causation_id: string | null;
}

/**
 * Claims orders of stored withdrawals in the inbox and returns those not handled before. The first
 * order of a submission is known by the submission's command id.
 */
async function claimRepeated(
  tx: Tx,
  orders: readonly SubmitCommand[],
): Promise<readonly SubmitCommand[]> {
  if (orders.length === 0) return orders;
  const rows = await tx.query<Kept>(KEPT, [orders.map(({ data }) => data.withdrawalId)]);
  const kept = new Map(rows.map((row) => [row.withdrawal_id, row]));
  const others = orders.filter((order) => !isSecondDelivery(order, kept));
  return others.length === 0 ? others : tx.claimInbox(others);
}

function isSecondDelivery({ id, data }: SubmitCommand, kept: ReadonlyMap<string, Kept>): boolean {
  const row = kept.get(data.withdrawalId);
  return row !== undefined && row.causation_id === id && row.digest === data.digest;
}

const KEPT = `
  SELECT withdrawal_id, digest, causation_id FROM submission WHERE withdrawal_id = ANY ($1::uuid[])`;

/** Handles a batch of commands in one transaction: stores orders, notes or answers cancels. */
@Injectable()
export class CommandHandler {
  private readonly orders: OrderCheck<VenueCommand>;

  constructor(
    authority: SendAuthority,
    private readonly commands: StoreCommands,
    private readonly submissions: SubmitHandler,
    @Inject(SubmissionWorkers)
    private readonly workers: Pick<SubmissionWorkers, 'wake' | 'prepareFirst'>,
    @Inject(UnclaimedReport) private readonly unclaimed: Pick<UnclaimedReport, 'ask'>,
  ) {
    this.orders = new OrderCheck('connector', (command) => orderFault(command, authority));
  }

  async handle(batch: readonly VenueCommand[]): Promise<void> {
    this.orders.require(batch);
    const orders = batch.filter(isSubmit);
    const first = await this.workers.prepareFirst(this.submissions.newOrders(unrivalled(batch)));
    let begun: readonly BegunRow[] = [];
    try {
      begun = await this.commands.store(batch, first?.intents);
    } finally {
      first?.send(begun);
    }
    this.unclaimed.ask(batch.filter(isReportUnclaimed).map(({ data }) => data));
    const sent = new Set(begun.map((row) => row.withdrawal_id));
    const waiting = orders.filter(({ data }) => !sent.has(data.withdrawalId));
    this.workers.wake([
      ...new Set(waiting.flatMap((one) => this.submissions.formOf(one)?.form ?? [])),
    ]);
  }
}

/** Orders of withdrawals that no other command of the batch names. */
function unrivalled(batch: readonly VenueCommand[]): readonly SubmitCommand[] {
  const named = Map.groupBy(batch, ({ subject }) => subject);
  return batch.filter(isSubmit).filter(({ subject }) => named.get(subject)?.length === 1);
}

function isReportUnclaimed(command: VenueCommand): command is ReportUnclaimedCommand {
  return command.type === 'venue.report-unclaimed.v1';
}

/** Returns why an order must not be trusted; null if verified by both MACs, or for other commands. */
export function orderFault(
  command: VenueCommand,
  authority: Pick<SendAuthority, 'fault'>,
): string | null {
  if (command.type !== 'venue.submit-withdrawal.v1') return null;
  const { data } = command;
  if (data.keyId === undefined) return 'it carries no API key, and no halt of a key would cover it';
  return authority.fault({
    ...data,
    destination: destinationOf(data.destination),
    fee: data.fee ?? null,
    digest: data.digest ?? null,
    clientReference: data.clientReference ?? null,
    order: data.order ?? null,
    receipt: data.timedReceipt ?? null,
  });
}
