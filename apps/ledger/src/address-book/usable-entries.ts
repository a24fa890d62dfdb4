import type { Tx } from '@sluice/postgres';
import { countForgedRecord, type RecordSeals } from '@sluice/service-shell';
import {
  ENTRY_STATE,
  ENTRY_TABLES,
  isSealedEntry,
  usableAt,
  type EntryState,
} from './entry-rows.js';

/** Recipient of a payment of an account on a network. */
export interface AskedEntry {
  readonly accountId: string;
  readonly network: string;
  /** Key of the recipient (`recipientOf`). */
  readonly recipient: string;
}

export function entryKey({ accountId, network, recipient }: AskedEntry): string {
  return `${accountId} ${network} ${recipient}`;
}

/**
 * Returns the keys of the recipients that a usable entry names at `now`: sealed, confirmed if needed,
 * past its waiting time, and not removed. A removal counts also without a seal, because it only
 * tightens.
 */
export async function usableEntries(
  source: Pick<Tx, 'query'>,
  seals: Pick<RecordSeals, 'seal' | 'isSealed'>,
  asked: readonly AskedEntry[],
  now: Date,
): Promise<ReadonlySet<string>> {
  if (asked.length === 0) return new Set();
  const rows = await source.query<EntryState>(LIVE, [
    asked.map(({ accountId }) => accountId),
    asked.map(({ network }) => network),
    asked.map(({ recipient }) => recipient),
  ]);
  const usable = rows.filter((row) => {
    if (!isSealedEntry(seals, row)) countForgedRecord('address_entry');
    const at = usableAt(seals, row);
    return at !== null && at <= now;
  });
  return new Set(
    usable.map(({ account_id: accountId, network, recipient }) =>
      entryKey({ accountId, network, recipient }),
    ),
  );
}

const LIVE = `
  SELECT ${ENTRY_STATE}
    FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (account_id, network, recipient)) AS k
    JOIN (${ENTRY_TABLES}) ON e.account_id = k.account_id AND e.network = k.network AND e.recipient = k.recipient
   WHERE r.entry_id IS NULL`;
