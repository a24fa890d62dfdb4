import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { isInfrastructureFault, type Tx, UnitOfWork } from '@sluice/postgres';
import { Batcher, monotonicMs } from '@sluice/runtime';

/** Stores the facts of one batch. A repetition changes nothing. */
type Write = (tx: Tx) => Promise<unknown>;

/** Null: stored. */
type WriteOutcome = { readonly error: unknown } | null;

/** Time (ms) within which one fetch delivers the batches of several topics. */
const GATHER_MS = 50;

/**
 * Stores concurrent batches in one transaction, before their offsets. If it fails, each batch is
 * stored alone.
 */
@Injectable()
export class FactWrites {
  private readonly writes = new Batcher<Write, WriteOutcome>((writes) => this.store(writes));
  private gathered: Promise<void> | null = null;

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Resolves after the commit. Rejects with the fault of this write. */
  async add(write: Write): Promise<void> {
    this.gathered ??= sleep(GATHER_MS).then(() => void (this.gathered = null));
    await this.gathered;
    const outcome = await this.writes.add(write);
    if (outcome !== null) throw outcome.error;
  }

  private async store(writes: readonly Write[]): Promise<readonly WriteOutcome[]> {
    try {
      await this.unitOfWork.run(async (tx) => {
        for (const write of writes) await write(tx);
      });
      return writes.map(() => null);
    } catch (error) {
      if (writes.length === 1 || isInfrastructureFault(error)) return writes.map(() => ({ error }));
    }
    const outcomes: WriteOutcome[] = [];
    for (const write of writes) outcomes.push(...(await this.store([write])));
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
