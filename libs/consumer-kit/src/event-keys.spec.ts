import { rootOf } from './event-keys.js';

/** The first two leaves of the tests of Certificate Transparency (RFC 6962), and their hashes. */
const LEAVES = [Buffer.alloc(0), Buffer.from([0])] as const;
const HASHES = [
  Buffer.from('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', 'hex'),
  Buffer.from('96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7', 'hex'),
] as const;
const ROOT = 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125';

describe('the root of a leaf and a path', () => {
  it('is the one of RFC 6962', () => {
    const roots = [
      rootOf(LEAVES[0], { index: 0, size: 2, path: [HASHES[1]] }),
      rootOf(LEAVES[1], { index: 1, size: 2, path: [HASHES[0]] }),
      rootOf(LEAVES[0], { index: 0, size: 1, path: [] }),
    ];

    expect(roots.map((root) => root?.toString('hex'))).toEqual([
      ROOT,
      ROOT,
      HASHES[0].toString('hex'),
    ]);
  });

  it('takes no inner node for a leaf', () => {
    const node = Buffer.concat(HASHES);
    for (const leaf of [node, Buffer.concat([Buffer.from([1]), node])])
      expect(rootOf(leaf, { index: 0, size: 1, path: [] })?.toString('hex')).not.toBe(ROOT);
  });

  it.each([
    ['a path that is too short', { index: 0, size: 2, path: [] }],
    ['a path that is too long', { index: 0, size: 1, path: [HASHES[1]] }],
    ['no such index', { index: 2, size: 2, path: [HASHES[1]] }],
    ['no tree', { index: 0, size: 0, path: [] }],
  ])('does not exist for %s', (_what, place) => {
    expect(rootOf(LEAVES[0], place)).toBeNull();
  });
});
