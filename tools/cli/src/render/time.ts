import { cell } from './cell.js';

/** `2026-05-16 22:00:00Z`: always UTC, so that it can be held against any log. What is no time is shown as it is. */
export function time(value: unknown): string {
  return shown(value, 19);
}

/** With milliseconds, where the order of things matters. */
export function preciseTime(value: unknown): string {
  return shown(value, 23);
}

function shown(value: unknown, length: number): string {
  const at = typeof value === 'string' ? new Date(value) : undefined;
  if (!at || Number.isNaN(at.getTime())) return cell(value);
  return `${at.toISOString().slice(0, length).replace('T', ' ')}Z`;
}
