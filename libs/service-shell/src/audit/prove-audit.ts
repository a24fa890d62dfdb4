import { timingSafeEqual } from 'node:crypto';
import type { Database } from '@sluice/postgres';
import {
  BEFORE_THE_FIRST,
  contentOf,
  ROW_COLUMNS_SQL,
  type AuditHead,
  type AuditRow,
} from './audit-entry.js';
import type { AuditKeys } from '../settings/audit-keys.js';

/**
 * Result of a chain verification. `broken` is the first altered entry; null if the chain is intact.
 */
interface AuditProof {
  readonly entries: number;
  readonly head: AuditHead;
  readonly broken: { readonly sequence: string; readonly because: string } | null;
}

type StoredAuditRow = AuditRow & { readonly hash: string };

const PAGE = 1_000;
const ENTRIES = `SELECT ${ROW_COLUMNS_SQL}, encode(hash, 'hex') AS hash FROM audit_entry
  WHERE audit_entry.sequence > $1 ORDER BY audit_entry.sequence LIMIT ${PAGE}`;

/**
 * Verifies the whole chain, and compares the chain with heads kept elsewhere. Only the kept heads
 * reveal a truncated end.
 */
export async function proveAudit(
  database: Pick<Database, 'query'>,
  keys: AuditKeys,
  kept: readonly AuditHead[],
): Promise<AuditProof> {
  const expected = new Map(kept.map(({ sequence, hash }) => [sequence, hash]));
  let head = BEFORE_THE_FIRST;
  let entries = 0;
  for (;;) {
    const rows = await database.query<StoredAuditRow>(ENTRIES, [head.sequence]);
    for (const row of rows) {
      const because = faultOf(row, head, keys, expected.get(row.sequence));
      if (because !== null) return { entries, head, broken: { sequence: row.sequence, because } };
      head = { sequence: row.sequence, hash: row.hash };
      entries++;
    }
    if (rows.length < PAGE) break;
  }
  const cut = kept.find(({ sequence }) => BigInt(sequence) > BigInt(head.sequence));
  if (!cut) return { entries, head, broken: null };
  const because = `the log ends with ${head.sequence}, and the head of ${cut.sequence} was kept`;
  return { entries, head, broken: { sequence: String(BigInt(head.sequence) + 1n), because } };
}

function faultOf(
  row: StoredAuditRow,
  before: AuditHead,
  keys: AuditKeys,
  kept?: string,
): string | null {
  if (BigInt(row.sequence) !== BigInt(before.sequence) + 1n)
    return `the records between ${before.sequence} and ${row.sequence} are missing`;
  const seal = keys.seal(row.key_id, contentOf(row, before.hash));
  if (seal === null) return `the entry is sealed with ${row.key_id}, an unknown key`;
  if (!timingSafeEqual(seal, Buffer.from(row.hash, 'hex')))
    return 'the hash of the entry does not match the content';
  return kept !== undefined && kept !== row.hash ? `another head of it was kept: ${kept}` : null;
}
