import type { Counts } from './jest-reports.mjs';
import type { FileTime } from './test-times.mjs';

export interface StageResult extends Counts {
  readonly name: string;
  readonly seconds: number;
  readonly note?: string;
  /** Faults of runners, not of tests. */
  readonly mishaps?: readonly string[];
  readonly times?: readonly FileTime[];
}

export function summary(results: readonly StageResult[]): string;
