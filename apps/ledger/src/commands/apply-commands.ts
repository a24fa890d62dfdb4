import { Inject, Injectable } from '@nestjs/common';
import { encode, ledgerEvents, type WireMessage } from '@sluice/messages';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { requireNoHalt } from '../book-halt/book-halt.js';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import { lockBook } from '../postgres/lock-book.js';
import { loadSignedOrders } from '../signers/signed-orders.js';
import { isUniqueViolation, saveChanges } from '../postgres/save-changes.js';
import { decide, type Decision } from './decide.js';
import { HoldAuthority } from './hold-authority.js';
import type { LedgerCommand } from './ledger-command.js';
import { TimeAndIds } from './time-and-ids.js';

/** The one way to change the books: for commands from Kafka, for those of operators and for the ledger's own. */
@Injectable()
export class ApplyCommands {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: Pick<UnitOfWork, 'run'>,
    private readonly timeAndIds: TimeAndIds,
    private readonly authority: HoldAuthority,
    private readonly chainKeys: ChainKeys,
  ) {}

  /**
   * Decides commands in order in one transaction, all or nothing, and publishes one event for each. Answers the decisions on those
   * that no earlier commit has answered.
   */
  apply(commands: readonly LedgerCommand[]): Promise<readonly Decision[]> {
    return this.applyChecked(commands, () => undefined);
  }

  /** The same where nobody is waiting for the answer: while the book is halted it throws, so that the commands stay where they are. */
  applyUnlessHalted(commands: readonly LedgerCommand[]): Promise<readonly Decision[]> {
    return this.applyChecked(commands, (tx) => tx.require(requireNoHalt(tx)));
  }

  private async applyChecked(
    commands: readonly LedgerCommand[],
    check: (tx: Tx) => void,
  ): Promise<readonly Decision[]> {
    try {
      return await this.applyOnce(commands, check);
    } catch (error) {
      // The same business key was committed by another transaction after we had looked: the second look sees it and replays.
      if (!isUniqueViolation(error)) throw error;
      return this.applyOnce(commands, check);
    }
  }

  private applyOnce(
    commands: readonly LedgerCommand[],
    check: (tx: Tx) => void,
  ): Promise<readonly Decision[]> {
    const { now, newId } = this.timeAndIds;
    return this.unitOfWork.run(async (tx) => {
      check(tx);
      // One round trip: of a batch that comes again the rows are locked for nothing, which is rare and harmless.
      const [fresh, book, orders] = await Promise.all([
        tx.claimInbox(commands),
        lockBook(tx, commands),
        loadSignedOrders(tx, commands, this.chainKeys), // after the balances are locked, which a new signer waits for
      ]);
      const at = now().toISOString();
      const deciding = { at, newId, authority: this.authority, orders };
      const decisions = fresh.map((command) => decide(book, command, deciding));
      saveChanges(tx, book.changes(), this.chainKeys); // PostgreSQL writes while the events are made
      orders.save(tx, at);
      tx.publish(...decisions.map((decision) => wireMessage(decision, at, newId())));
      return decisions;
    });
  }
}

function wireMessage({ command, event }: Decision, time: string, id: string): WireMessage {
  return encode(ledgerEvents, {
    id,
    source: 'ledger',
    subject: event.data.accountId,
    time,
    causationId: command.id,
    ...(command.correlationId !== undefined && { correlationId: command.correlationId }),
    ...(command.traceparent !== undefined && { traceparent: command.traceparent }),
    ...event,
  });
}
