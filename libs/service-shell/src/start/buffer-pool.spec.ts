import { keepBufferPoolsSmall } from './buffer-pool.js';

describe('keepBufferPoolsSmall', () => {
  it('lets small buffers share 8 KB, once the pool that there was is used up', () => {
    const before = Buffer.poolSize;
    try {
      keepBufferPoolsSmall();
      for (let used = 0; used <= before; used += 1_000) Buffer.allocUnsafe(1_000);

      expect(Buffer.allocUnsafe(100).buffer.byteLength).toBe(8_192);
    } finally {
      Buffer.poolSize = before;
    }
  });
});
