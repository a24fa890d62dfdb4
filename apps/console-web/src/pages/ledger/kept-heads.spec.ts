import { keptHeads } from './kept-heads.js';

const HEAD = { shard: 3, sequence: '12', hash: 'ab', signature: 's', key: 'k' };

describe('pasted heads', () => {
  it('are read from a list, from an answer, and from its chain, with all their fields', () => {
    for (const document of [[HEAD], { heads: [HEAD] }, { proven: true, chain: { heads: [HEAD] } }])
      expect(keptHeads(JSON.stringify(document))).toEqual({ heads: [HEAD], fault: null });
  });

  it('are none for an empty text', () =>
    expect(keptHeads('  ')).toEqual({ heads: [], fault: null }));

  it('are refused as a whole, never in part', () => {
    expect(keptHeads('{').fault).toBe('The text is no JSON.');
    for (const document of [[], {}, [HEAD, { shard: 4 }], 'x', null])
      expect(keptHeads(JSON.stringify(document))).toEqual({
        heads: [],
        fault: 'The text has no heads with shard, sequence and hash.',
      });
  });
});
