const POOL_BYTES = 8 * 1024;

/**
 * Node's pools for small buffers, from 64 KB to 8 KB: one long-lived buffer keeps its pool (ADR 5).
 */
export function keepBufferPoolsSmall(): void {
  Buffer.poolSize = POOL_BYTES;
}
