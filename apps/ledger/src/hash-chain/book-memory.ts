import { Inject, Injectable } from '@nestjs/common';
import { monotonicMs } from '@sluice/runtime';
import { inForceSql } from '@sluice/service-shell';
import { BOOK_ENDS, BookHaltedError, BookLifts } from '../book-halt/book-halt.js';
import type { ChainHead } from './chain-digest.js';

/** Holds leave years later: one missing within the hour means a restored database. */
const REMEMBER_HOLD_MS = 3_600_000;

/** The database has less than this process has seen committed. */
export class BookWentBackError extends BookHaltedError {
  constructor(readonly evidence: Evidence) {
    super('the database of the ledger was put back under this process');
  }
}

interface Evidence {
  readonly heads: readonly ChainHead[];
  readonly holdId: string | null;
}

export interface BookRow {
  readonly heads: readonly ChainHead[] | null;
  readonly halt: string | null;
  readonly has_hold: boolean;
}

/** Operators book while the book is halted, too. */
export type When = 'unless halted' | 'halted too';

/** Memory before a statement with the columns `BOOK`. */
export interface BookQuestion {
  /** Parameters $2 and $3. */
  readonly params: readonly [holdId: string | null, verifiedLifts: readonly string[]];
  /** Throws while the book is halted, and when it has less than was seen before. */
  judge(row: BookRow): void;
}

/**
 * Newest heads and newest hold seen committed by this process. Each batch compares them with the
 * database, and so detects a replaced database.
 */
@Injectable()
export class BookMemory {
  private heads = new Map<number, ChainHead>();
  private hold: { readonly id: string; readonly atMs: number } | null = null;
  private waiting: string | null = null;

  constructor(
    @Inject(BookLifts)
    private readonly lifts: Pick<BookLifts, 'verified'> = { verified: [] },
  ) {}

  /** Blocks booking from Kafka until `goOn` is called. */
  waitFor(sentence: string): void {
    this.waiting = sentence;
  }

  goOn(): void {
    this.waiting = null;
  }

  get waitsFor(): string | null {
    return this.waiting;
  }

  /** Throws while the process waits, unless a halt does not matter. */
  ask(when: When): BookQuestion {
    if (when === 'halted too') return { params: [null, []], judge: () => undefined };
    if (this.waiting !== null) throw new BookHaltedError(this.waiting);
    const { hold } = this;
    const known = this.known(); // a copy: another batch may commit newer heads during the query
    const holdId = hold && monotonicMs() - hold.atMs < REMEMBER_HOLD_MS ? hold.id : null;
    return {
      params: [holdId, this.lifts.verified],
      judge: ({ heads, halt, has_hold: hasHold }) => {
        const gone = goneHeads(known, heads ?? []);
        if (gone.length > 0 || !hasHold)
          throw new BookWentBackError({ heads: gone, holdId: hasHold ? null : holdId });
        if (halt !== null) throw new BookHaltedError(`the book is halted: ${halt}`);
        this.learn(heads ?? [], null);
      },
    };
  }

  /** Remembers heads and hold committed by this process or read as committed. */
  learn(heads: readonly ChainHead[], holdId: string | null): void {
    for (const { shard, sequence, hash } of heads) {
      const known = this.heads.get(shard);
      if (!known || BigInt(sequence) > BigInt(known.sequence))
        this.heads.set(shard, { shard, sequence, hash });
    }
    if (holdId !== null) this.hold = { id: holdId, atMs: monotonicMs() };
  }

  known(): readonly ChainHead[] {
    return [...this.heads.values()];
  }

  /** Clears the memory once the halt is recorded: two people decide about the present state. */
  forget(): void {
    this.heads = new Map();
    this.hold = null;
  }
}

/** Returns the known heads ahead of the book or different from the book. */
export function goneHeads(
  known: readonly ChainHead[],
  own: readonly ChainHead[],
): readonly ChainHead[] {
  const byShard = new Map(own.map((head) => [head.shard, head]));
  return known.filter(({ shard, sequence, hash }) => {
    const head = byShard.get(shard);
    if (!head) return true;
    const [seen, now] = [BigInt(sequence), BigInt(head.sequence)];
    return seen > now || (seen === now && hash !== head.hash);
  });
}

/** Columns of `BookRow`. $2: newest hold seen committed; $3: verified lifts. */
export const BOOK = `
  (SELECT json_agg(json_build_object('shard', shard, 'sequence', sequence::text, 'hash', encode(hash, 'hex'))) FROM chain_head) AS heads,
  (SELECT b.reason FROM book_halt b WHERE ${inForceSql('b', BOOK_ENDS, '$3')} LIMIT 1) AS halt,
  ($2::uuid IS NULL OR EXISTS (SELECT FROM hold WHERE withdrawal_id = $2::uuid)) AS has_hold`;
