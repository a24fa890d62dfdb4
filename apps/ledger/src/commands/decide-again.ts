import { availableOf, type Book, findRefusal, type Instant } from '@sluice/ledger-core';
import type { Tx } from '@sluice/postgres';
import type { BatchPolicy } from '../policy/batch-policy.js';
import type { SignedOrders } from '../signers/signed-orders.js';
import type { LedgerCommand, PlaceHoldCommand, TopicCommand } from '../wire/ledger-command.js';
import { amountOf } from '../wire/wire.js';
import type { CommandDecision } from './decision.js';

export interface CommandsAgain {
  readonly withdrawalId: string;
  readonly commands: readonly TopicCommand[];
}

/** A null refusal: the ledger has all commands of the withdrawal. */
export interface SentAgain {
  readonly withdrawalId: string;
  readonly refusal: string | null;
}

interface DecidingAgain {
  readonly at: Instant;
  readonly orders: SignedOrders;
  readonly policy: BatchPolicy;
  /** True for a hold that the ledger had allowed. */
  readonly wasAllowed: (command: PlaceHoldCommand) => boolean;
  readonly decideOne: (command: LedgerCommand, wasAllowed: boolean) => CommandDecision;
}

/**
 * Decides the commands of one withdrawal up to the first refusal, which leaves no trace: a refused
 * hold could never be placed again.
 */
export function decideAgain(
  book: Book,
  { withdrawalId, commands }: CommandsAgain,
  deciding: DecidingAgain,
): SentAgain & { readonly decisions: readonly CommandDecision[] } {
  const decisions: CommandDecision[] = [];
  for (const command of commands) {
    if (isThere(book, command)) continue;
    const missing =
      command.type === 'ledger.place-hold.v1'
        ? missingFor(book, command, deciding)
        : refusedVenue(book, command, deciding);
    if (missing !== null) return { withdrawalId, refusal: missing, decisions };
    const wasAllowed = command.type === 'ledger.place-hold.v1' && deciding.wasAllowed(command);
    const decision = deciding.decideOne(command, wasAllowed);
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
  { at, orders, policy, wasAllowed }: DecidingAgain,
): string | null {
  const { accountId, asset } = command.data;
  const amount = amountOf(command.data.amount, asset);
  const isUnsigned = !orders.isSigned(command, at);
  const { refusal: policyRefusal } = policy.decide(command, at, wasAllowed(command));
  const refusal = findRefusal(book, { accountId, amount, isUnsigned, policyRefusal });
  if (refusal === null) return null;
  if (refusal.kind !== 'insufficient_funds') return `ledger.place-hold.v1: ${refusal.kind}`;
  const available = availableOf(book.balance(accountId, amount.asset));
  const short = amount.minus(available).toString();
  return `account ${accountId} lacks ${short} ${asset}: book the missing funding, then send the command again`;
}

/**
 * An assignment refused by the policy would release the hold, and the venue may have paid by then.
 */
function refusedVenue(
  book: Book,
  command: TopicCommand,
  { at, policy }: DecidingAgain,
): string | null {
  if (command.type !== 'ledger.assign-hold.v1') return null;
  const hold = book.hold(command.data.withdrawalId);
  const refusal = hold?.state === 'placed' ? policy.refusalAt(hold, command.data.venue, at) : null;
  return refusal === null ? null : `${command.type}: ${refusal.kind}`;
}

/**
 * Commands whose accepted outcome is kept by account, hold or `entry_key`: a repeat publishes it
 * again under the first event's id, without an inbox row. A repeated `ledger.assign-hold.v1` would
 * be refused after the hold's end, and `ledger.expire-hold.v1` published twice: both are claimed.
 */
const KEPT_BY_THE_BOOK: ReadonlySet<LedgerCommand['type']> = new Set([
  'ledger.open-account.v1',
  'ledger.place-hold.v1',
  'ledger.start-submission.v1',
  'ledger.capture-hold.v1',
  'ledger.release-hold.v1',
  'ledger.record-venue-fee.v1',
  'ledger.return-payment.v1',
]);

/** True for commands claimed in the inbox before the decision. */
export function isClaimedFirst({ type }: Pick<LedgerCommand, 'type'>): boolean {
  return !KEPT_BY_THE_BOOK.has(type);
}

/**
 * Claims the commands that need a claim. Returns those to decide, each id once: a refused command
 * never takes effect later.
 */
export async function claimFirst<C extends LedgerCommand>(
  tx: Tx,
  commands: readonly C[],
): Promise<readonly C[]> {
  const { claimable = [], kept = [] } = Object.groupBy(commands, (command) =>
    isClaimedFirst(command) ? 'claimable' : 'kept',
  );
  const [claimed, unclaimed] = await Promise.all([
    claimable.length === 0 ? [] : tx.claimInbox(claimable),
    kept.length === 0 ? [] : tx.unclaimed(kept),
  ]);
  const taken = new Set([...claimed, ...unclaimed]);
  return commands.filter((command) => taken.delete(command));
}

/**
 * Claims refused commands, whose repeat must neither take effect nor halt the book again. Returns
 * the decisions without refusals claimed elsewhere meanwhile.
 */
export async function claimRefused(
  tx: Tx,
  decisions: readonly CommandDecision[],
): Promise<readonly CommandDecision[]> {
  const isUnclaimed = ({ command, refusal }: CommandDecision) =>
    refusal !== null && !isClaimedFirst(command);
  const refused = decisions.filter(isUnclaimed).map(({ command }) => command);
  if (refused.length === 0) return decisions;
  const claimed = new Set(await tx.claimInbox(refused));
  return decisions.filter((one) => !isUnclaimed(one) || claimed.has(one.command));
}
