import type { Counts } from './jest-reports.mjs';

export function countFuzz(folder: string): Counts;
export function countJunit(xml: string): Counts;
