import { encode, ledgerEvents, type WireMessage } from '@sluice/messages';
import type { UnitOfWork } from '@sluice/postgres';
import { decide, type Decision } from './decide.js';
import type { LedgerCommand } from './ledger-command.js';
import { lockBook } from '../postgres/lock-book.js';
import { isUniqueViolation, saveChanges } from '../postgres/save-changes.js';

/**
 * Decides commands in order in one transaction, all or nothing, and publishes one event for each. Answers the decisions on those
 * that no earlier commit has answered.
 */
export type ApplyCommands = (commands: readonly LedgerCommand[]) => Promise<readonly Decision[]>;

export interface LedgerPorts {
  readonly unitOfWork: Pick<UnitOfWork, 'run'>;
  readonly now: () => Date;
  /** UUIDv7: primary keys grow at one end. */
  readonly newId: () => string;
}

export function createApplyCommands(ports: LedgerPorts): ApplyCommands {
  return async (commands) => {
    try {
      return await apply(ports, commands);
    } catch (error) {
      // The same business key was committed by another transaction after we had looked: the second look sees it and replays.
      if (!isUniqueViolation(error)) throw error;
      return apply(ports, commands);
    }
  };
}

function apply(
  { unitOfWork, now, newId }: LedgerPorts,
  commands: readonly LedgerCommand[],
): Promise<readonly Decision[]> {
  return unitOfWork.run(async (tx) => {
    // One round trip: of a batch that comes again the rows are locked for nothing, which is rare and harmless.
    const [fresh, book] = await Promise.all([tx.claimInbox(commands), lockBook(tx, commands)]);
    const at = now().toISOString();
    const decisions = fresh.map((command) => decide(book, command, at, newId));
    saveChanges(tx, book.changes()); // PostgreSQL writes while the events are made
    tx.publish(...decisions.map((decision) => wireMessage(decision, at, newId())));
    return decisions;
  });
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
