import { CHAIN_SHARDS, chainShardOf } from './chain-digest.js';

/** Kafka's own test vectors of its hash. */
const VECTORS = {
  '21': -973932308,
  foobar: -790332482,
  'a-little-bit-long-string': -985981536,
  'a-little-bit-longer-string': -1486304829,
  lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
  abc: 479470107,
};

describe('the chain of an account', () => {
  it.each(Object.entries(VECTORS))(
    'follows the partition that Kafka gives the key %s',
    (key, hash) => {
      expect(chainShardOf(key)).toBe((hash & 0x7fffffff) % CHAIN_SHARDS);
    },
  );
});
