const [SEED, M, R] = [0x9747b28c, 0x5bd1e995, 24];

/** MurmurHash2 of a key's bytes, as used by Kafka's default partitioner; 32 bits, signed. */
export function murmur2(data: Buffer): number {
  let hash = SEED ^ data.length;
  const whole = data.length - (data.length % 4);
  for (let at = 0; at < whole; at += 4) hash = Math.imul(hash, M) ^ mixed(data.readInt32LE(at));
  for (let at = data.length - 1; at >= whole; at -= 1)
    hash ^= (data[at] ?? 0) << (8 * (at - whole));
  if (data.length > whole) hash = Math.imul(hash, M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

function mixed(word: number): number {
  const once = Math.imul(word, M);
  return Math.imul(once ^ (once >>> R), M);
}
