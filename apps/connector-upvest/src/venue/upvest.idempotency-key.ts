import { sha256Hex } from '@sluice/signing';

/**
 * Returns the idempotency key of a withdrawal at Upvest. The key is derived from our reference:
 * known before any row is stored, and the same for every attempt. The layout is UUID version 4,
 * because Upvest refuses our ids of version 7.
 */
export function idempotencyKeyOf(clientReference: string): string {
  const hex = sha256Hex(`upvest withdrawal ${clientReference}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
