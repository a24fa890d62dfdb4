import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from '../cannot-start.js';
import type { Fact, FactKeeper } from './facts.js';

const NEWLINE = 0x0a;

/**
 * The book on disk: one JSON line per fact, written before the fact counts and so before any answer leaves.
 * One write(2) per fact without fsync: what the kernel has survives `kill -9`, a power loss is not simulated.
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

  record(fact: Fact): void {
    writeSync(this.descriptor, `${JSON.stringify(fact)}\n`);
    this.apply(fact);
  }

  /** Rebuilds the keepers. A last line without its end was never answered for, and is cut off; a broken line before it throws `CannotStart`. */
  replay(): void {
    const bytes = readFileSync(this.file);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.apply(this.parse(bytes.toString('utf8', start, end)));
      start = end + 1;
    }
    if (start < bytes.length) ftruncateSync(this.descriptor, start);
  }

  /** Forgets everything but `kept`. */
  reset(kept: readonly Fact[]): void {
    ftruncateSync(this.descriptor, 0);
    writeSync(this.descriptor, kept.map((fact) => `${JSON.stringify(fact)}\n`).join(''));
    this.apply({ t: 'reset' });
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private parse(line: string): Fact {
    try {
      return JSON.parse(line) as Fact;
    } catch {
      throw new CannotStart(
        `the book ${this.file} has a line that is no fact: ${line.slice(0, 80)}`,
      );
    }
  }

  private apply(fact: Fact): void {
    for (const keeper of this.keepers) keeper.apply(fact);
  }
}
