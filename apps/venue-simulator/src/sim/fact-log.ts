import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.js';
import type { SimulatedFact, FactKeeper } from './facts.js';

const NEWLINE = 0x0a;

/**
 * The book on disk: a JSON line per fact, written before the fact takes effect and before any
 * answer is sent. Each fact is a single write(2) without fsync: data in the kernel survives `kill
 * -9`. A power loss is not simulated.
 */
export class FactLog {
  private readonly file: string;
  private readonly descriptor: number;

  /** Keepers apply each fact in the order given. */
  constructor(
    folder: string,
    private readonly keepers: readonly FactKeeper[],
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = join(folder, 'facts.jsonl');
    this.descriptor = openSync(this.file, 'a', 0o600);
  }

  record(fact: SimulatedFact): void {
    writeSync(this.descriptor, `${JSON.stringify(fact)}\n`);
    this.apply(fact);
  }

  /**
   * Rebuilds the keepers. An incomplete last line was never answered and is cut off; an earlier
   * corrupt line throws `CannotStart`.
   */
  replay(): void {
    const bytes = readFileSync(this.file);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.apply(this.parse(bytes.toString('utf8', start, end)));
      start = end + 1;
    }
    if (start < bytes.length) ftruncateSync(this.descriptor, start);
  }

  /** Deletes all facts except `kept`. */
  reset(kept: readonly SimulatedFact[]): void {
    ftruncateSync(this.descriptor, 0);
    writeSync(this.descriptor, kept.map((fact) => `${JSON.stringify(fact)}\n`).join(''));
    this.apply({ t: 'reset' });
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private parse(line: string): SimulatedFact {
    try {
      return JSON.parse(line) as SimulatedFact;
    } catch {
      throw new CannotStart(`the book ${this.file} has an invalid line: ${line.slice(0, 80)}`);
    }
  }

  private apply(fact: SimulatedFact): void {
    for (const keeper of this.keepers) keeper.apply(fact);
  }
}
