import type { Counts } from './jest-reports.mjs';

export interface StageResult extends Counts {
  readonly name: string;
  readonly seconds: number;
  readonly note?: string;
  /** Faults of runners, not of tests. */
  readonly mishaps?: readonly string[];
}

export function summary(results: readonly StageResult[]): string;
