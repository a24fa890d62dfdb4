import { derivedId } from '@sluice/messages';
import type { LedgerCommand } from './ledger-command.js';

/**
 * Returns the `ce_id` of the event that answers a command, equal for each delivery of the command.
 * An accepted command may have no inbox row, so a second delivery is answered again, and consumers
 * recognise this answer by its id. Commands with one id and different data get different ids.
 */
export function eventIdOf({ id, type, data }: Pick<LedgerCommand, 'id' | 'type' | 'data'>): string {
  return derivedId(JSON.stringify([id, type, data]));
}
