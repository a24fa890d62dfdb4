import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { isInfrastructureFault, type Tx, UnitOfWork } from '@sluice/postgres';
import { Batcher, monotonicMs } from '@sluice/runtime';
import { joined, type LedgerFacts } from './ledger-facts.js';
import type { AuditedOrder } from './merge-facts.js';
import { storeFacts } from './store-facts.js';

/** Stores facts of one batch. A repetition changes nothing. */
type Write = (tx: Tx) => Promise<unknown>;

/** Facts that are joined with those of concurrent batches, and stored before every `write`. */
interface JoinedFacts {
  readonly ledger?: LedgerFacts;
  readonly orders?: readonly AuditedOrder[];
}

interface FactBatch extends JoinedFacts {
  readonly write: Write;
}

/** Null: stored. */
type WriteOutcome = { readonly error: unknown } | null;

/** Time (ms) within which one fetch delivers the batches of several topics. */
const GATHER_MS = 50;

/**
 * Stores concurrent batches in one transaction, before their offsets: the facts of one withdrawal
 * become one row. If it fails, each batch is stored alone.
 */
@Injectable()
export class FactWrites {
  private readonly writes = new Batcher<FactBatch, WriteOutcome>((batches) => this.store(batches));
  private gathered: Promise<void> | null = null;

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Resolves after the commit. Rejects with the fault of this batch. */
  async add(write: Write, facts: JoinedFacts = {}): Promise<void> {
    this.gathered ??= sleep(GATHER_MS).then(() => void (this.gathered = null));
    await this.gathered;
    const outcome = await this.writes.add({ ...facts, write });
    if (outcome !== null) throw outcome.error;
  }

  private async store(batches: readonly FactBatch[]): Promise<readonly WriteOutcome[]> {
    try {
      await this.unitOfWork.run(async (tx) => {
        const ledger = joined(batches.flatMap(({ ledger }) => ledger ?? []));
        const orders = batches.flatMap(({ orders }) => orders ?? []);
        await storeFacts(tx, ledger, orders);
        for (const { write } of batches) await write(tx);
      });
      return batches.map(() => null);
    } catch (error) {
      if (batches.length === 1 || isInfrastructureFault(error))
        return batches.map(() => ({ error }));
    }
    const outcomes: WriteOutcome[] = [];
    for (const batch of batches) outcomes.push(...(await this.store([batch])));
    return outcomes;
  }
}

/** A shorter rest would end before the work of this moment is visible. */
const SHORTEST_MS = 250;

/** Rest until the next moment that all loops of the process with this interval share. */
export function restUntil(everyMs: number, now = monotonicMs()): number {
  const rest = everyMs - (now % everyMs);
  return rest < SHORTEST_MS ? rest + everyMs : rest;
}
