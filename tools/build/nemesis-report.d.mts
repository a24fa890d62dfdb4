import type { Counts } from './jest-reports.mjs';

export interface NemesisReport {
  readonly title: string;
  readonly verdict: string;
  readonly holds: boolean;
  /** Faults not playable on this machine, with the reason. */
  readonly skipped: readonly string[];
}

export function countNemesis(file: string): Counts;
export function countRun(report: NemesisReport): Counts;
