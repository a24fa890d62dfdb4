/** How many chains there are. Any number of partitions that divides it keeps each chain on one partition, and so with one instance. */
export const CHAIN_SHARDS = 24;

/**
 * The chain of an account: Kafka's own hash of the key, so that accounts of different partitions are on different chains and instances
 * that own different partitions never wait for each other's.
 */
export function chainShardOf(accountId: string): number {
  return (murmur2(Buffer.from(accountId)) & 0x7fffffff) % CHAIN_SHARDS;
}

const [SEED, M, R] = [0x9747b28c, 0x5bd1e995, 24];

/** MurmurHash2 as Kafka's default partitioner computes it, 32 bits. */
function murmur2(data: Buffer): number {
  let hash = SEED ^ data.length;
  const whole = data.length - (data.length % 4);
  for (let at = 0; at < whole; at += 4) hash = Math.imul(hash, M) ^ mixed(data.readInt32LE(at));
  const rest = data.subarray(whole);
  for (let at = rest.length - 1; at >= 0; at -= 1) hash ^= (rest[at] ?? 0) << (8 * at);
  if (rest.length > 0) hash = Math.imul(hash, M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

function mixed(word: number): number {
  const once = Math.imul(word, M);
  return Math.imul(once ^ (once >>> R), M);
}
