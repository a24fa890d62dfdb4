import type { Database } from '@sluice/postgres';
import { checkInvariants, type InvariantReport } from '../postgres/check-invariants.js';
import type { Query } from '../sql/id-ranges.js';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import type { ChainHead, ChainReport, GivenHead } from '../hash-chain/chain-report.js';
import type { ChainSecrets } from '../hash-chain/chain-secrets.module.js';
import { verifyChain, type Cutoff } from './verify-chain.js';

export interface Proof {
  readonly proven: boolean;
  /** Comparison of the journal with the chains. */
  readonly chain: ChainReport;
  /** Balances and holds, recomputed from the journal. */
  readonly book: InvariantReport;
}

/**
 * Proves the whole book in a single snapshot, read-only. The journal must match the chains, and
 * balances and holds must match the journal. Given heads signed by this ledger are compared; other
 * heads are reported as forged.
 */
export async function proveBook(
  database: Database,
  { keys, signer }: ChainSecrets,
  given: readonly GivenHead[] = [],
): Promise<Proof> {
  const { ours = [], forged = [] } = Object.groupBy(given, (head) =>
    signer.signed(head) ? 'ours' : 'forged',
  );
  const proof = await inOneSnapshot(database, (query) => prove(query, keys, ours));
  const { chain } = proof;
  return {
    ...proof,
    chain: { ...chain, heads: chain.heads.map((head) => signer.sign(head)), forged },
  };
}

/** Runs both halves of the proof in the caller's transaction. */
export async function prove(
  query: Query,
  keys: ChainKeys,
  published: readonly ChainHead[] = [],
  cutoff?: Cutoff,
): Promise<Proof> {
  const chain = await verifyChain(query, keys, published, cutoff);
  const book = await checkInvariants(query);
  return { proven: chain.divergence === null && book.violations.length === 0, chain, book };
}

/** Runs many bounded statements on the same snapshot. */
export function inOneSnapshot<T>(
  database: Database,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  return database.withClient(async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      return await work(
        async <R extends object>(sql: string, params: readonly unknown[] = []) =>
          (await client.query<R>(sql, [...params])).rows,
      );
    } finally {
      await client.query('ROLLBACK');
    }
  });
}
