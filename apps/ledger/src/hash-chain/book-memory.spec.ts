import { BookMemory, goneHeads } from './book-memory.js';

const head = (shard: number, sequence: string, hash = `${shard}/${sequence}`) => ({
  shard,
  sequence,
  hash,
});

describe('the heads that are gone', () => {
  it.each([
    ['nothing where each chain is where it was', [head(1, '7')], [head(1, '7')], []],
    ['nothing of a chain that has grown', [head(1, '7')], [head(1, '10')], []],
    ['a chain that is shorter', [head(1, '10')], [head(1, '9')], [head(1, '10')]],
    ['another entry of the same number', [head(1, '7')], [head(1, '7', 'x')], [head(1, '7')]],
    ['a chain that is not there', [head(1, '7')], [head(2, '7')], [head(1, '7')]],
  ])('are %s', (_what, known, own, gone) => {
    expect(goneHeads(known, own)).toEqual(gone);
  });
});

describe('the memory of a running process', () => {
  it('does not miss a head that another batch has committed after the book was read', () => {
    const memory = new BookMemory();
    memory.learn([head(1, '7')], null);
    const { judge } = memory.ask('unless halted');
    memory.learn([head(1, '8')], null);

    judge({ heads: [head(1, '7')], halt: null, has_hold: true });

    expect(memory.known()).toEqual([head(1, '8')]);
  });

  it.each([
    ['went back', { heads: [head(1, '6')], halt: null, has_hold: true }],
    ['went back', { heads: null, halt: null, has_hold: true }],
    ['went back', { heads: [head(1, '7')], halt: 'stop', has_hold: false }],
    ['is halted: stop', { heads: [head(1, '7')], halt: 'stop', has_hold: true }],
  ])('says that the book %s', (fault, row) => {
    const memory = new BookMemory();
    memory.learn([head(1, '7')], 'hold');

    const { judge } = memory.ask('unless halted');

    expect(() => judge(row)).toThrow(fault === 'went back' ? 'was put back' : fault);
  });
});
