import { hash } from 'node:crypto';

/** The same id for the same step of a withdrawal, so that a reader knows an event that is published again (UUIDv8). */
export function idOfStep(withdrawalId: string, sequence: number): string {
  const hex = hash('sha256', `${withdrawalId} ${sequence}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
