import { hash } from 'node:crypto';

/**
 * Returns the UUIDv8 of a text, equal for equal texts: readers recognise a message that is published
 * again by its id.
 */
export function derivedId(text: string): string {
  const hex = hash('sha256', text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
