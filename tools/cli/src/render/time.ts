import { cell } from './cell.js';

/**
 * Formats `2026-05-16 22:00:00Z`, always UTC, for comparison with any log. An invalid time is shown
 * unchanged.
 */
export function time(value: unknown): string {
  return shown(value, 19);
}

/** Formats with milliseconds, for lists in exact order. */
export function preciseTime(value: unknown): string {
  return shown(value, 23);
}

function shown(value: unknown, length: number): string {
  const at = typeof value === 'string' ? new Date(value) : undefined;
  if (!at || Number.isNaN(at.getTime())) return cell(value);
  return `${at.toISOString().slice(0, length).replace('T', ' ')}Z`;
}
