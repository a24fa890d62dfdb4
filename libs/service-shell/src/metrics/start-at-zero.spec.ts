import { Counter, Registry } from 'prom-client';
import { startAtZero } from './start-at-zero.js';

describe('startAtZero', () => {
  const registry = new Registry();
  const counterOf = (name: string) =>
    new Counter({ name, help: 'h', labelNames: ['kind', 'answer'], registers: [registry] });

  it('exposes every combination at 0, and no other', async () => {
    const counter = counterOf('each_total');
    startAtZero(counter, { kind: ['a', 'b'], answer: ['yes', 'no'] });

    const { values } = await counter.get();
    expect(values.map(({ labels, value }) => [labels.kind, labels.answer, value])).toEqual([
      ['a', 'yes', 0],
      ['a', 'no', 0],
      ['b', 'yes', 0],
      ['b', 'no', 0],
    ]);
  });

  it('leaves counted events', async () => {
    const counter = counterOf('counted_total');
    counter.inc({ kind: 'a', answer: 'yes' });
    startAtZero(counter, { kind: ['a'], answer: ['yes', 'no'] });

    const { values } = await counter.get();
    expect(values.map(({ value }) => value)).toEqual([1, 0]);
  });
});
