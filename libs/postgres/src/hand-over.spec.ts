import { HandOver } from './hand-over.js';
import type { OutboxRow } from './outbox.js';

function row(id: string, ...orderingKeys: string[]): OutboxRow {
  return {
    id,
    mine: true,
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
  const handOver = new HandOver((done) => relayed.push(done.id));
  rows.forEach((each) => handOver.begin(each));
  return { relayed, handOver };
}

describe('HandOver', () => {
  it('keeps back a row whose withdrawal has an earlier COMMIT without an answer, and no other row', () => {
    const [first, second, other] = [row('1', 'a', 'b'), row('2', 'b'), row('3', 'c')];
    const { relayed, handOver } = given(first, second, other);

    handOver.committed(second);
    handOver.committed(other);
    expect(relayed).toEqual(['3']);

    handOver.committed(first);
    expect(relayed).toEqual(['3', '1', '2']);
  });

  it('lets the later row go when the earlier one turns out not to be committed', () => {
    const [first, second] = [row('1', 'a'), row('2', 'a')];
    const { relayed, handOver } = given(first, second);

    handOver.committed(second);
    handOver.abandon(first);

    expect(relayed).toEqual(['2']);
  });

  it('keeps order through a row that itself waits', () => {
    const [first, second, third] = [row('1', 'a'), row('2', 'a', 'b'), row('3', 'b')];
    const { relayed, handOver } = given(first, second, third);

    handOver.committed(third);
    handOver.committed(second);
    expect(relayed).toEqual([]);

    handOver.committed(first);
    expect(relayed).toEqual(['1', '2', '3']);
  });
});
