import { CommitOrderQueue, type OutboxRow } from './commit-order-queue.js';

function row(id: string, ...orderingKeys: string[]): OutboxRow {
  return {
    id,
    isOwned: true,
    messages: orderingKeys.map((key) => ({
      topic: 't',
      key,
      orderingKey: key,
      headers: {},
      value: '{}',
    })),
  };
}

function given(...rows: OutboxRow[]) {
  const relayed: string[] = [];
  const queue = new CommitOrderQueue((done) => relayed.push(done.id));
  rows.forEach((each) => queue.committing(each));
  return { relayed, queue };
}

describe('CommitOrderQueue', () => {
  it('keeps back a row whose withdrawal has an earlier COMMIT without an answer, and no other row', () => {
    const [first, second, other] = [row('1', 'a', 'b'), row('2', 'b'), row('3', 'c')];
    const { relayed, queue } = given(first, second, other);

    queue.committed(second);
    queue.committed(other);
    expect(relayed).toEqual(['3']);

    queue.committed(first);
    expect(relayed).toEqual(['3', '1', '2']);
  });

  it('lets the later row go when the earlier one turns out not to be committed', () => {
    const [first, second] = [row('1', 'a'), row('2', 'a')];
    const { relayed, queue } = given(first, second);

    queue.committed(second);
    queue.notCommitted(first);

    expect(relayed).toEqual(['2']);
  });

  it('keeps order through a row that itself waits', () => {
    const [first, second, third] = [row('1', 'a'), row('2', 'a', 'b'), row('3', 'b')];
    const { relayed, queue } = given(first, second, third);

    queue.committed(third);
    queue.committed(second);
    expect(relayed).toEqual([]);

    queue.committed(first);
    expect(relayed).toEqual(['1', '2', '3']);
  });
});
