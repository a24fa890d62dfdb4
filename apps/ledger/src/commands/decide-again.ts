import { availableOf, findRefusal, type Book, type Instant } from '@sluice/ledger-core';
import type { SignedOrders } from '../signers/signed-orders.js';
import type { CommandDecision } from './decide.js';
import type { LedgerCommand, TopicCommand } from '../wire/ledger-command.js';
import { amountOf } from '../wire/wire.js';

/** Commands of a withdrawal, in order, lost by the ledger. */
export interface CommandsAgain {
  readonly withdrawalId: string;
  readonly commands: readonly TopicCommand[];
}

/**
 * Result for a withdrawal. A null refusal means the ledger has all of the withdrawal's commands.
 */
export interface SentAgain {
  readonly withdrawalId: string;
  readonly refusal: string | null;
}

interface DecidingAgain {
  readonly at: Instant;
  readonly orders: SignedOrders;
  readonly decideOne: (command: LedgerCommand) => CommandDecision;
}

/**
 * Decides the commands of one withdrawal up to the first refusal. The refused command leaves no
 * trace. An event would open a case at intake-api, and a refused hold could never be placed again.
 */
export function decideAgain(
  book: Book,
  { withdrawalId, commands }: CommandsAgain,
  deciding: DecidingAgain,
): SentAgain & { readonly decisions: readonly CommandDecision[] } {
  const decisions: CommandDecision[] = [];
  for (const command of commands) {
    if (isThere(book, command)) continue;
    const missing = command.type === 'ledger.place-hold.v1' && missingFor(book, command, deciding);
    if (missing) return { withdrawalId, refusal: missing, decisions };
    const decision = deciding.decideOne(command);
    if (decision.refusal) {
      const refusal = `${command.type}: ${decision.refusal.kind}`;
      return { withdrawalId, refusal, decisions };
    }
    decisions.push(decision);
  }
  return { withdrawalId, refusal: null, decisions };
}

/** An existing account or hold is left unchanged. */
function isThere(book: Book, command: TopicCommand): boolean {
  if (command.type === 'ledger.open-account.v1')
    return book.account(command.data.accountId) !== undefined;
  if (command.type === 'ledger.place-hold.v1')
    return book.hold(command.data.withdrawalId) !== undefined;
  return (
    command.type === 'ledger.assign-hold.v1' &&
    book.hold(command.data.withdrawalId)?.assignedTo === command.data.venue
  );
}

function missingFor(
  book: Book,
  command: Extract<TopicCommand, { type: 'ledger.place-hold.v1' }>,
  { at, orders }: DecidingAgain,
): string | null {
  const { accountId, asset } = command.data;
  const amount = amountOf(command.data.amount, asset);
  const isUnsigned = !orders.isSigned(command, at);
  const refusal = findRefusal(book, { accountId, amount, isUnsigned });
  if (refusal === null) return null;
  if (refusal.kind !== 'insufficient_funds') return `ledger.place-hold.v1: ${refusal.kind}`;
  const available = availableOf(book.balance(accountId, amount.asset));
  const short = amount.minus(available).toString();
  return `account ${accountId} lacks ${short} ${asset}: book the missing funding, then send the command again`;
}
