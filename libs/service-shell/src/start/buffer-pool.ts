const POOL_BYTES = 8 * 1024;

/**
 * Shrinks Node's pools for small buffers from 64 KB to 8 KB. A long-lived buffer keeps the whole
 * pool until the old generation is collected. Smaller pools keep less memory, and collections
 * become correspondingly rarer (ADR 5).
 */
export function keepBufferPoolsSmall(): void {
  Buffer.poolSize = POOL_BYTES;
}
