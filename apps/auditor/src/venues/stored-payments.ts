import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Database } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { keepPayments, type PaymentRow } from './store-reading.js';

const REMEMBERED = 100_000;
/**
 * Time (ms) for which a stored payment is not stored again. It ends within the overlap of two
 * readings: the last reading of a record reaches the database.
 */
const REMEMBERED_MS = 100_000;

/**
 * Stores payments of a venue's record. Final ones that are read again unchanged within the overlap
 * of the readings cost no statement.
 */
export class StoredPayments {
  /** Digest of the stored row, by the venue's reference. */
  private readonly final = new LRUCache<string, Remembered>({ max: REMEMBERED });
  private generation = 0;

  constructor(
    private readonly database: Pick<Database, 'withClient' | 'continuity'>,
    private readonly nowMs: () => number = monotonicMs,
  ) {}

  async store(rows: readonly PaymentRow[], seenAt: Date): Promise<void> {
    this.forgetAfterLoss();
    const final = rows.flatMap((row) => (isFinal(row) ? [[row, digestOf(row)] as const] : []));
    const known = new Set(
      final.flatMap(([row, digest]) => (this.isRemembered(row, digest) ? [row] : [])),
    );
    const fresh = rows.filter((row) => !known.has(row));
    if (fresh.length === 0) return;
    for (const { venue_reference: reference } of fresh) this.final.delete(reference);
    await keepPayments(this.database, fresh, seenAt);
    const atMs = this.nowMs();
    for (const [row, digest] of final)
      if (!known.has(row)) this.final.set(row.venue_reference, { digest, atMs });
  }

  private isRemembered(row: PaymentRow, digest: string): boolean {
    const last = this.final.get(row.venue_reference);
    return last?.digest === digest && this.nowMs() - last.atMs < REMEMBERED_MS;
  }

  /** A deep reading stores every payment. */
  forget(): void {
    this.final.clear();
  }

  /** A database that went back has lost rows. */
  private forgetAfterLoss(): void {
    const { generation } = this.database.continuity;
    if (generation !== this.generation) this.forget();
    this.generation = generation;
  }
}

interface Remembered {
  readonly digest: string;
  readonly atMs: number;
}

function isFinal({ status, equality_key: key }: PaymentRow): boolean {
  return (status === 'settled' || status === 'failed') && key !== null;
}

function digestOf(row: PaymentRow): string {
  return createHash('sha256').update(JSON.stringify(row)).digest('base64');
}
