import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { bucketOf, EntrySet } from './verify-chain.js';

describe('a set of entries', () => {
  const setOf = (ids: readonly string[]): EntrySet => {
    const set = new EntrySet();
    for (const id of ids) set.add(id);
    return set;
  };
  const ids = Array.from({ length: 500 }, (_, n) => (n % 2 ? randomUUID() : randomUUIDv7()));

  it('is the same in whatever order it was met', () => {
    expect(setOf(ids).differing(setOf([...ids].reverse()))).toEqual([]);
  });

  it('differs in the bucket of the one that is missing, too many, or there twice', () => {
    const [first = ''] = ids;
    const bucket = [bucketOf(first)];

    expect(setOf(ids).differing(setOf(ids.slice(1)))).toEqual(bucket);
    expect(setOf(ids).differing(setOf([...ids, first]))).toEqual(bucket);
  });
});
