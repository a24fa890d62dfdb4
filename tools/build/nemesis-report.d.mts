import type { Counts } from './jest-reports.mjs';

export interface NemesisReport {
  readonly title: string;
  readonly verdict: string;
  readonly holds: boolean;
  /** What could not be played here, and why. */
  readonly skipped: readonly string[];
}

export function countNemesis(file: string): Counts;
export function countRun(report: NemesisReport): Counts;
