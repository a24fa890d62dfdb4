const POOL_BYTES = 8 * 1024;

/**
 * Node cuts small buffers from pools of 64 KB, and a buffer that outlives the moment keeps all of its pool until the old generation is
 * collected. Of pools of 8 KB it keeps less, and collections are that much rarer (ADR 68).
 */
export function keepBufferPoolsSmall(): void {
  Buffer.poolSize = POOL_BYTES;
}
