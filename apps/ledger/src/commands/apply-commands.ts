import { Inject, Injectable } from '@nestjs/common';
import type { Book, JournalEntry } from '@sluice/ledger-core';
import { encode, ledgerEvents, type WireMessage } from '@sluice/messages';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { haltBook } from '../book-halt/book-halt.js';
import { BookMemory, BookWentBackError } from '../hash-chain/book-memory.js';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import type { ChainHead } from '../hash-chain/chain-report.js';
import { haltForLostHeads, lostHeads } from '../hash-chain/lost-heads.js';
import { lockBook } from '../postgres/lock-book.js';
import { loadSignedOrders, type SignedOrders } from '../signers/signed-orders.js';
import { isUniqueViolation, saveChanges } from '../postgres/save-changes.js';
import { saveMoneyOrders, type OrderedEntry } from '../postgres/save-money-orders.js';
import { CommandRules } from './command-rules.js';
import type { CommandDecision } from './decide.js';
import { reasonToHalt } from './refused-captures.js';
import { claimFirst, claimRefused } from './repeated-commands.js';
import { decideAgain, type CommandsAgain, type SentAgain } from './decide-again.js';
import { eventIdOf } from '../wire/event-id.js';
import type { LedgerCommand, MoneyOrder, OrderedCommand } from '../wire/ledger-command.js';
import { TimeAndIds } from './time-and-ids.js';

/**
 * Called in the transaction of the new entry. Returns the entry's order, or the approval still
 * awaited.
 */
export type OrderOf<Awaited> = (
  tx: Tx,
  entry: JournalEntry,
) => Promise<{ readonly order: MoneyOrder } | { readonly awaited: Awaited }>;

/**
 * The only way to change the books: for commands from Kafka, from operators and from the ledger's
 * own workers.
 */
@Injectable()
export class ApplyCommands {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: Pick<UnitOfWork, 'run'>,
    private readonly timeAndIds: TimeAndIds,
    private readonly rules: CommandRules,
    private readonly chainKeys: ChainKeys,
    private readonly memory: BookMemory = new BookMemory(),
  ) {}

  /**
   * Decides commands in order in a single atomic transaction and publishes an event per command. A
   * repeat changes nothing: the first outcome is published again under the id of the first event, or
   * the repeat is dropped by its inbox claim. Dropped repeats are not returned. The refused capture
   * of a paid withdrawal halts the book in the same transaction.
   */
  apply(commands: readonly OrderedCommand[]): Promise<readonly CommandDecision[]> {
    return this.again(() => this.applyOnce(commands, () => undefined));
  }

  /**
   * Like `apply`, for commands without a waiting caller. Throws while the book is halted, so the
   * commands stay in Kafka. Halts the book if the database has less than this process has seen
   * committed.
   */
  async applyUnlessHalted(
    commands: readonly OrderedCommand[],
  ): Promise<readonly CommandDecision[]> {
    try {
      return await this.again(() =>
        this.applyOnce(commands, (tx) => tx.require(this.memory.require(tx))),
      );
    } catch (error) {
      if (error instanceof BookWentBackError) await this.halt(error);
      throw error;
    }
  }

  /**
   * Decides a command before its order exists. The order is requested only if the command makes an
   * entry; a refused or repeated command needs no order. While an approval is awaited, the ledger
   * books and publishes no part of the command.
   */
  applyWhenOrdered<Awaited>(
    command: LedgerCommand,
    orderOf: OrderOf<Awaited>,
  ): Promise<CommandDecision | { readonly awaited: Awaited }> {
    return this.again(() =>
      this.unitOfWork.run(async (tx) => {
        const [book, signed] = await Promise.all([
          lockBook(tx, [command]),
          loadSignedOrders(tx, [command], this.chainKeys),
        ]);
        const at = this.timeAndIds.now().toISOString();
        const decision = this.decide(book, command, at, signed);
        const orders: OrderedEntry[] = [];
        for (const entry of book.changes().entries) {
          const answer = await orderOf(tx, entry);
          if ('awaited' in answer) return answer;
          orders.push({ entryId: entry.id, ...answer.order });
        }
        void this.save(tx, book, [decision], at);
        saveMoneyOrders(tx, orders);
        return decision;
      }),
    );
  }

  /**
   * Decides again the commands lost by a database restore, in one transaction, even while the book
   * is halted. A hold without sufficient funds is reported but not recorded as refused. The caller
   * requests the hold again once the money has arrived.
   */
  applyAgain(groups: readonly CommandsAgain[]): Promise<readonly SentAgain[]> {
    return this.again(() =>
      this.unitOfWork.run(async (tx) => {
        const commands = groups.flatMap((group) => group.commands);
        const [book, orders] = await Promise.all([
          lockBook(tx, commands),
          loadSignedOrders(tx, commands, this.chainKeys),
        ]);
        const at = this.timeAndIds.now().toISOString();
        const decideOne = (command: LedgerCommand) => this.decide(book, command, at, orders);
        const answers = groups.map((group) => decideAgain(book, group, { at, orders, decideOne }));
        const decisions = answers.flatMap((answer) => answer.decisions);
        void this.save(tx, book, decisions, at);
        orders.save(tx, at);
        return answers.map(({ withdrawalId, refusal }) => ({ withdrawalId, refusal }));
      }),
    );
  }

  /**
   * Records a halt for the missing heads or hold. If two people have already accepted the heads as
   * lost, only the memory is cleared and the next retry proceeds.
   */
  private async halt({ evidence: { heads, holdId } }: BookWentBackError): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const lost = await lostHeads(tx, heads);
      if (lost.length > 0) await haltForLostHeads(tx, lost, 'the memory of a running process');
      else if (heads.length === 0) await haltBook(tx, `${HOLD_IS_GONE}: ${holdId}`);
    });
    this.memory.forget();
  }

  /**
   * Retries once on a unique violation: another transaction committed the same business key after
   * our check. The retry sees this key and replays.
   */
  private async again<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      return work();
    }
  }

  private async applyOnce(
    commands: readonly OrderedCommand[],
    check: (tx: Tx) => void,
  ): Promise<readonly CommandDecision[]> {
    const { decisions, linked, holdId } = await this.unitOfWork.run(async (tx) => {
      check(tx);
      // A single round trip: a duplicate batch locks rows needlessly, a rare and harmless case.
      const [book, fresh, orders] = await Promise.all([
        lockBook(tx, commands),
        // after the locks: a claim by a transaction before is seen
        claimFirst(tx, commands),
        // after the balance locks, because a new signer waits for the same locks
        loadSignedOrders(tx, commands, this.chainKeys),
      ]);
      const at = this.timeAndIds.now().toISOString();
      const decided = fresh.map((command) => this.decide(book, command, at, orders));
      const decisions = await claimRefused(tx, decided);
      const saved = this.save(tx, book, decisions, at);
      orders.save(tx, at);
      saveMoneyOrders(tx, newOrders(book, fresh, decided));
      const reason = reasonToHalt(decisions);
      if (reason !== null) tx.require(haltBook(tx, reason));
      const newest = book.changes().newHolds.at(-1);
      return { decisions, linked: saved, holdId: newest?.withdrawalId ?? null };
    });
    this.memory.learn(await linked, holdId);
    return decisions;
  }

  private decide(
    book: Book,
    command: LedgerCommand,
    at: string,
    orders: SignedOrders,
  ): CommandDecision {
    const { newId } = this.timeAndIds;
    return this.rules.decide(book, command, { at, newId, orders });
  }

  private save(
    tx: Tx,
    book: Book,
    decisions: readonly CommandDecision[],
    at: string,
  ): Promise<readonly ChainHead[]> {
    const linked = saveChanges(tx, book.changes(), this.chainKeys); // PostgreSQL writes while the events are made
    tx.publish(...decisions.map((decision) => wireMessage(decision, at)));
    return linked;
  }
}

const HOLD_IS_GONE =
  'the ledger’s database was put back: a hold that was committed is gone. Bring the newer database back, or follow "Only the ledger’s database was restored" in docs/operations/backup-and-restore.md';

/**
 * Orders of entries made by this batch only. A repeated command returns the first entry, already
 * stored with its order.
 */
function newOrders(
  book: Book,
  commands: readonly OrderedCommand[],
  decisions: readonly CommandDecision[],
): OrderedEntry[] {
  if (!commands.some((command) => 'order' in command)) return [];
  const made = new Set(book.changes().entries.map(({ id }) => id));
  return commands.flatMap((command, at) => {
    const data = decisions[at]?.event.data;
    if (!('order' in command) || !data || !('entryId' in data)) return [];
    return made.delete(data.entryId) ? [{ entryId: data.entryId, ...command.order }] : [];
  });
}

function wireMessage({ command, event }: CommandDecision, time: string): WireMessage {
  return encode(ledgerEvents, {
    id: eventIdOf(command),
    source: 'ledger',
    subject: event.data.accountId,
    time,
    causationId: command.id,
    ...(command.correlationId !== undefined && { correlationId: command.correlationId }),
    ...(command.traceparent !== undefined && { traceparent: command.traceparent }),
    ...event,
  });
}
