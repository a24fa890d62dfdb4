import { hash } from 'node:crypto';

/**
 * Returns a deterministic id (UUIDv8) per step of a withdrawal: readers recognize a republished
 * event.
 */
export function idOfStep(withdrawalId: string, sequence: number): string {
  const hex = hash('sha256', `${withdrawalId} ${sequence}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
