import { behind, believe, isAgreed, type NodeView } from './node-group.js';

const at = (number: bigint, finalNumber = number - 10n): NodeView => ({
  head: { number, hash: '0x1', baseFeePerGas: 1n },
  finalNumber,
});

describe('which node is believed', () => {
  it.each<[string, (NodeView | null)[], { index: number; finalNumber: bigint } | null]>([
    ['nobody, where none answers', [null, null], null],
    ['the only one', [at(100n)], { index: 0, finalNumber: 90n }],
    ['the first of equals', [at(100n), at(100n)], { index: 0, finalNumber: 90n }],
    [
      'the first, within the delay of the network',
      [at(97n), at(100n)],
      { index: 0, finalNumber: 87n },
    ],
    ['the next, where the first is behind', [at(96n), at(100n)], { index: 1, finalNumber: 86n }],
    ['the next, where the first is away', [null, at(100n)], { index: 1, finalNumber: 90n }],
    [
      'two of three, against one that has stopped',
      [at(50n), at(100n), at(101n)],
      { index: 1, finalNumber: 90n },
    ],
    [
      'two of three, against one that runs ahead',
      [at(100n), at(900n), at(101n)],
      { index: 0, finalNumber: 90n },
    ],
    ['nobody alone on what is final', [at(100n), at(100n, 99n)], { index: 0, finalNumber: 90n }],
    [
      'on no more than it calls final itself',
      [at(100n, 80n), at(100n), at(100n)],
      { index: 0, finalNumber: 80n },
    ],
    ['with nothing final yet', [at(3n, -7n)], { index: 0, finalNumber: -7n }],
  ])('%s', (_, views, expected) => {
    expect(believe(views)).toEqual(expected);
  });

  it('and which are behind, by how much', () => {
    expect(behind([at(50n), null, at(100n), at(99n)])).toEqual([49n, 0n, 0n, 0n]);
    expect(behind([at(50n), at(100n)])).toEqual([50n, 0n]);
  });
});

describe('what must not change any more', () => {
  it.each([
    [true, 1, []],
    [false, 2, []],
    [true, 2, ['same']],
    [false, 2, ['silent']],
    [false, 3, ['silent', 'silent']],
    [true, 3, ['same', 'silent']],
    [true, 3, ['same', 'unknown']],
    [false, 2, ['unknown']],
    [false, 3, ['unknown', 'silent']],
    [false, 3, ['same', 'other']],
    [false, 2, ['other']],
  ] as const)('is agreed (%s) of %i nodes by %j', (agreed, nodes, votes) => {
    expect(isAgreed(votes, nodes)).toBe(agreed);
  });
});
