import type { JestReport } from './jest-reports.mjs';

export const KINDS_RUN_AGAIN: readonly string[];
export const MAX_FILES_RUN_AGAIN: number;
export function filesToRunAgain(
  kind: string,
  reports: Readonly<Record<string, JestReport | undefined>>,
): { readonly project: string; readonly files: readonly string[] }[];
export function mergedReport(first: JestReport, second: JestReport): JestReport;
