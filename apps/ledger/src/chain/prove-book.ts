import type { Database } from '@sluice/postgres';
import { checkInvariants, type InvariantReport } from '../postgres/check-invariants.js';
import { verifyChain, type ChainHead, type ChainReport } from './verify-chain.js';

export interface Proof {
  readonly proven: boolean;
  /** The journal against its chains. */
  readonly chain: ChainReport;
  /** Balances and holds, recomputed from the journal. */
  readonly book: InvariantReport;
}

/** Proves the whole book in one snapshot: the journal is what was chained, and balances and holds are what the journal says. Changes nothing. */
export function proveBook(database: Database, published: readonly ChainHead[]): Promise<Proof> {
  return database.withClient(async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      const chain = await verifyChain(
        async <R extends object>(sql: string, params: readonly unknown[] = []) => (await client.query<R>(sql, [...params])).rows,
        published,
      );
      const book = await checkInvariants(async <R extends object>(sql: string) => (await client.query<R>(sql)).rows);
      return { proven: chain.divergence === null && book.violations.length === 0, chain, book };
    } finally {
      await client.query('ROLLBACK');
    }
  });
}
