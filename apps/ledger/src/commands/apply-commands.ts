import { Inject, Injectable } from '@nestjs/common';
import type { Book, JournalEntry } from '@sluice/ledger-core';
import { encode, ledgerEvents, type WireMessage } from '@sluice/messages';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { haltBook } from '../book-halt/book-halt.js';
import { BookMemory, BookWentBackError, type When } from '../hash-chain/book-memory.js';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import type { ChainHead } from '../hash-chain/chain-digest.js';
import { haltForLostHeads, lostHeads } from '../hash-chain/compare-heads.js';
import { ApprovalCases } from '../approval-cases/approval-cases.js';
import { sealCase } from '../approval-cases/approval-rows.js';
import type { BatchPolicy } from '../policy/batch-policy.js';
import {
  eventIdOf,
  type LedgerCommand,
  type MoneyOrder,
  type OrderedCommand,
  type PlaceHoldCommand,
} from '../wire/ledger-command.js';
import { loadBatchPolicy } from '../policy/load-batch-policy.js';
import { savePaid } from '../policy/recipients.js';
import { lockBook } from '../postgres/lock-book.js';
import { loadSignedOrders, type SignedOrders } from '../signers/signed-orders.js';
import {
  isUniqueViolation,
  type OrderedEntry,
  requireRemembered,
  saveChanges,
  saveMoneyOrders,
} from '../postgres/save-changes.js';
import { CommandRules } from './decide.js';
import { readPreamble } from './preamble.js';
import { type CommandDecision, reasonToHalt, TimeAndIds } from './decision.js';
import {
  claimFirst,
  claimRefused,
  type CommandsAgain,
  decideAgain,
  type SentAgain,
} from './decide-again.js';

/** Order of the new entry, in its transaction, or the approval still awaited. */
export type OrderOf<Awaited> = (
  tx: Tx,
  entry: JournalEntry,
) => Promise<{ readonly order: MoneyOrder } | { readonly awaited: Awaited }>;

interface Batch {
  readonly book: Book;
  readonly orders: SignedOrders;
  readonly policy: BatchPolicy;
  readonly oldestKept: string | null;
  readonly cases: ApprovalCases;
  readonly at: string;
}

export type ChosenBatch = Pick<Batch, 'book' | 'policy' | 'cases' | 'at'>;
interface Chosen<T> {
  readonly command: LedgerCommand | null;
  readonly value: T;
}

/** The only way to change the books: for Kafka, operators and the ledger's own workers. */
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
   * Decides commands in order in one transaction and publishes an event per command. A repeat
   * changes nothing: the first outcome is published again, or the inbox drops the repeat. The
   * refused capture of a paid withdrawal halts the book in the same transaction.
   */
  apply(commands: readonly OrderedCommand[]): Promise<readonly CommandDecision[]> {
    return this.again(() => this.applyOnce(commands, 'halted too'));
  }

  /**
   * Like `apply`, without a waiting caller: throws while the book is halted, and halts a book that
   * has less than this process has seen committed.
   */
  async applyUnlessHalted(
    commands: readonly OrderedCommand[],
  ): Promise<readonly CommandDecision[]> {
    try {
      return await this.again(() => this.applyOnce(commands, 'unless halted'));
    } catch (error) {
      if (error instanceof BookWentBackError) await this.halt(error);
      throw error;
    }
  }

  /**
   * Requests the command's order only if the command makes an entry. While an approval is awaited,
   * no part is booked.
   */
  applyWhenOrdered<Awaited>(
    command: LedgerCommand,
    orderOf: OrderOf<Awaited>,
  ): Promise<CommandDecision | { readonly awaited: Awaited }> {
    return this.again(() =>
      this.unitOfWork.run(async (tx) => {
        const batch = await this.load(tx, [command], 'halted too');
        const decision = this.decide(command, batch);
        const orders: OrderedEntry[] = [];
        for (const entry of batch.book.changes().entries) {
          const answer = await orderOf(tx, entry);
          if ('awaited' in answer) return answer;
          orders.push({ entryId: entry.id, ...answer.order });
        }
        void this.save(tx, batch, [decision]);
        saveMoneyOrders(tx, orders);
        return decision;
      }),
    );
  }

  /**
   * Decides commands lost by a restore again, even while the book is halted. A hold without
   * sufficient funds is reported, not recorded as refused, and may be requested again.
   */
  applyAgain(groups: readonly CommandsAgain[]): Promise<readonly SentAgain[]> {
    return this.again(() =>
      this.unitOfWork.run(async (tx) => {
        const commands = groups.flatMap((group) => group.commands);
        const batch = await this.load(tx, commands, 'halted too');
        const decideOne = (command: LedgerCommand, wasAllowed: boolean) =>
          this.decide(command, batch, wasAllowed);
        const wasAllowed = (command: PlaceHoldCommand) => this.rules.wasAllowed(command);
        const answers = groups.map((group) =>
          decideAgain(batch.book, group, { ...batch, decideOne, wasAllowed }),
        );
        const decisions = answers.flatMap((answer) => answer.decisions);
        void this.save(tx, batch, decisions);
        return answers.map(({ withdrawalId, refusal }) => ({ withdrawalId, refusal }));
      }),
    );
  }

  /**
   * `choose` selects a command about the hold of `about`, under the hold's lock. Throws while the
   * book is halted, and if the command is refused.
   */
  applyChosen<T>(
    about: LedgerCommand,
    choose: (tx: Tx, batch: ChosenBatch) => Promise<Chosen<T>>,
  ): Promise<T> {
    return this.unitOfWork.run(async (tx) => {
      const batch = await this.load(tx, [about], 'unless halted');
      const { command, value } = await choose(tx, batch);
      const decisions = command === null ? [] : [this.decide(command, batch)];
      const refused = decisions.find(({ refusal }) => refusal !== null);
      if (refused) throw new Error(`${refused.command.type} was refused: ${refused.refusal?.kind}`);
      void this.save(tx, batch, decisions);
      return value;
    });
  }

  /**
   * Records a halt for missing heads or a missing hold, unless two people have accepted the loss.
   */
  private async halt({ evidence: { heads, holdId } }: BookWentBackError): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const lost = await lostHeads(tx, heads);
      if (lost.length > 0) await haltForLostHeads(tx, lost, 'the memory of a running process');
      else if (heads.length === 0) await haltBook(tx, `${HOLD_IS_GONE}: ${holdId}`);
    });
    this.memory.forget();
  }

  /** Retries once on a unique violation: the retry sees the other transaction's key and replays. */
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
    when: When,
  ): Promise<readonly CommandDecision[]> {
    const { decisions, linked, holdId } = await this.unitOfWork.run(async (tx) => {
      // A single round trip: a duplicate batch locks rows needlessly, a rare and harmless case.
      const [batch, fresh] = await Promise.all([
        this.load(tx, commands, when),
        // after the locks: a claim by a transaction before is seen
        claimFirst(tx, commands),
      ]);
      const { book } = batch;
      const decided = fresh.map((command) => this.decide(command, batch));
      const decisions = await claimRefused(tx, decided);
      const saved = this.save(tx, batch, decisions);
      saveMoneyOrders(tx, newOrders(book, fresh, decided));
      const reason = reasonToHalt(decisions);
      if (reason !== null) tx.require(haltBook(tx, reason));
      const newest = book.changes().newHolds.at(-1);
      return { decisions, linked: saved, holdId: newest?.withdrawalId ?? null };
    });
    this.memory.learn(await linked, holdId);
    return decisions;
  }

  private async load(tx: Tx, commands: readonly LedgerCommand[], when: When): Promise<Batch> {
    const { policies } = this.rules;
    const question = this.memory.ask(when);
    const locked = lockBook(tx, commands);
    policies.share(tx);
    // after the locks: a new signer waits for those of the balances
    const preamble = readPreamble(tx, question, policies, commands);
    const [book, { policy: policyNow, oldestKept }, orders] = await Promise.all([
      locked,
      preamble,
      loadSignedOrders(
        tx,
        commands,
        this.chainKeys,
        preamble.then(({ signers }) => signers),
      ),
    ]);
    const at = this.timeAndIds.now().toISOString();
    const policy = await loadBatchPolicy(tx, policies, policyNow, { book, commands, at });
    return { book, orders, policy, oldestKept, cases: new ApprovalCases(), at };
  }

  private decide(
    command: LedgerCommand,
    { book, policy, ...rest }: Batch,
    wasAllowed = false,
  ): CommandDecision {
    const { newId } = this.timeAndIds;
    const decision = this.rules.decide(book, command, { newId, policy, wasAllowed, ...rest });
    if ('withdrawalId' in command.data && command.data.withdrawalId !== undefined)
      policy.follow(book, command.data.withdrawalId);
    return decision;
  }

  private save(
    tx: Tx,
    { book, orders, policy, oldestKept, cases, at }: Batch,
    decisions: readonly CommandDecision[],
  ): Promise<readonly ChainHead[]> {
    requireRemembered(book.changes().newHolds, oldestKept);
    const linked = saveChanges(tx, book.changes(), this.chainKeys); // PostgreSQL writes while the events are made
    savePaid(tx, this.rules.policies.seals, policy.paidRecipients());
    cases.save(tx, (content) => sealCase(this.rules.policies.seals, content), at);
    orders.save(tx, at);
    tx.publish(...decisions.map((decision) => wireMessage(decision, at)));
    return linked;
  }
}

const HOLD_IS_GONE =
  'the ledger’s database was put back: a hold that was committed is gone. Bring the newer database back, or follow "Only the ledger’s database was restored" in docs/operations/backup-and-restore.md';

/** Orders of entries made by this batch; a repeat has its order already. */
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
