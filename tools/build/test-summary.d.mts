import type { Counts } from './jest-reports.mjs';

export interface StageResult extends Counts {
  readonly name: string;
  readonly seconds: number;
  readonly note?: string;
}

export function summary(results: readonly StageResult[]): string;
