import { sha256Hex } from '@sluice/signing';

/**
 * The key under which Upvest remembers a withdrawal. Derived from our reference, so that it is known before anything is stored
 * and is the same for every attempt. In the layout of version 4, because Upvest refuses the version 7 of our own ids.
 */
export function idempotencyKeyOf(clientReference: string): string {
  const hex = sha256Hex(`upvest withdrawal ${clientReference}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
