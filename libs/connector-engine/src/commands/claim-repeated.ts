import type { Tx } from '@sluice/postgres';
import type { SubmitCommand } from './venue-command.js';

interface Kept {
  readonly withdrawal_id: string;
  readonly digest: string;
  readonly causation_id: string | null;
}

/**
 * Claims orders of stored withdrawals in the inbox. Returns the orders not handled before.
 *
 * The order that stored a submission needs no inbox row: the submission keeps the id of its
 * command. A second delivery finds the id and changes nothing, as a claimed message.
 */
export async function claimRepeated(
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
