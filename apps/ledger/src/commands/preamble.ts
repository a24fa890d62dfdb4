import { OLDEST_KEPT_ID, type Tx } from '@sluice/postgres';
import { BOOK, type BookQuestion, type BookRow } from '../hash-chain/book-memory.js';
import { NEWEST, type NewestRow, type Policies, type PolicyNow } from '../policy/policies.js';
import { signingAccounts } from '../signers/signed-orders.js';
import { signersFrom, signersOf, type SignersRow, type StoredSigner } from '../signers/signers.js';
import type { LedgerCommand } from '../wire/ledger-command.js';

interface Preamble {
  readonly policy: PolicyNow;
  readonly signers: readonly StoredSigner[];
  /** Lowest withdrawal id that retention keeps; null: retention has removed nothing. */
  readonly oldestKept: string | null;
}

interface PreambleRow extends BookRow, NewestRow, SignersRow {
  readonly oldest_kept: string | null;
}

/** Reads what every batch needs in one statement. Throws if the book may not be changed. */
export async function readPreamble(
  tx: Pick<Tx, 'query'>,
  { params, judge }: BookQuestion,
  policies: Policies,
  commands: readonly LedgerCommand[],
): Promise<Preamble> {
  const [row] = await tx.query<PreambleRow>(PREAMBLE, [
    policies.zones,
    ...params,
    signingAccounts(commands),
  ]);
  if (!row) throw new Error('the database returned no preamble');
  judge(row);
  const policy = await policies.at(tx, row);
  return { policy, signers: signersFrom(row), oldestKept: row.oldest_kept };
}

const PREAMBLE = `SELECT ${NEWEST}, ${BOOK}, ${signersOf('$4')}, ${OLDEST_KEPT_ID} AS oldest_kept`;
