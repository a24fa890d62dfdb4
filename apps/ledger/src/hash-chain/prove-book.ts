import type { Database } from '@sluice/postgres';
import { checkInvariants, type InvariantReport } from '../postgres/check-invariants.js';
import type { Query } from '../postgres/id-ranges.js';
import type { ChainKeys } from './chain-keys.js';
import type { ChainHead, ChainReport, GivenHead } from './chain-report.js';
import type { HeadSigner } from './head-signer.js';
import { verifyChain, type Cutoff } from './verify-chain.js';

export interface Proof {
  readonly proven: boolean;
  /** The journal against its chains. */
  readonly chain: ChainReport;
  /** Balances and holds, recomputed from the journal. */
  readonly book: InvariantReport;
}

/** What tells our own chains and heads from those of others. */
export interface ChainSecrets {
  readonly keys: ChainKeys;
  readonly signer: HeadSigner;
}

/**
 * Proves the whole book in one snapshot: the journal is what was chained, and balances and holds are what the journal says. Changes nothing.
 * Of the heads that are given, those that this ledger signed are compared; the others are reported.
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

/** Both halves of the proof, as one transaction sees the book. */
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

/** Many bounded statements that see the same moment. */
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
