import type { Tx } from '@sluice/postgres';
import type { CommandDecision } from './decision.js';
import type { LedgerCommand } from '../wire/ledger-command.js';

/**
 * Commands whose accepted outcome is kept by the account, the hold or the `entry_key` row. A repeat
 * changes nothing and publishes this outcome again under the id of the first event (`eventIdOf`), so
 * the command needs no inbox row. The repeat of `ledger.assign-hold.v1` is refused after the end of
 * the hold, and the refusal would open a case. A second sweep would publish an expiry again, so
 * `ledger.expire-hold.v1` is claimed as well.
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
 * Claims the commands that need a claim before the decision. Returns the commands to decide, each
 * id once, without earlier claimed commands: a refused command never takes effect later.
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
 * Claims refused commands, because a refusal may leave no trace in the book: its repeat must neither
 * take effect nor halt the book again. Returns the decisions without refusals claimed by another
 * transaction meanwhile.
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
