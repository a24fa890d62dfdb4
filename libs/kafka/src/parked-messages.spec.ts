import fc from 'fast-check';
import type { OutboxRow, OutgoingMessage } from '@sluice/postgres';
import { ParkedMessages } from './parked-messages.js';

function message(n: number, key: string, topic: string): OutgoingMessage {
  return { topic, orderingKey: key, key, value: String(n), headers: {} };
}

function row(id: number, ...messages: OutgoingMessage[]): OutboxRow {
  return { id: String(id), messages, isOwned: true };
}

const TOPICS = ['there', 'here', 'nowhere', 'never'];
const anyRows = fc
  .array(
    fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(...TOPICS)), {
      minLength: 1,
      maxLength: 5,
    }),
    { maxLength: 20 },
  )
  .map((rows) => {
    let n = 0;
    return rows.map((messages, id) =>
      row(id, ...messages.map(([order, topic]) => message(n++, order, topic))),
    );
  });

/** Sends in cuts of any size; a cut may fail and is sent again. */
function relay(
  parked: ParkedMessages,
  rows: readonly OutboxRow[],
  failures: readonly boolean[],
): OutgoingMessage[] {
  return rows.flatMap((one, index) => {
    if (failures[index % failures.length]) parked.split([one]);
    const parts = parked.split([one]);
    for (const part of parts) if (part.parked.length > 0) parked.park(part);
    return parts.flatMap(({ sendable }) => sendable);
  });
}

describe('ParkedMessages', () => {
  it('let all messages pass that have none parked before them, and keep the order of each withdrawal', () =>
    fc.assert(
      fc.property(anyRows, fc.array(fc.boolean(), { minLength: 1 }), (rows, failures) => {
        const parked = new ParkedMessages();
        parked.addMissing(['nowhere', 'never']);
        const all = rows.flatMap(({ messages }) => messages);

        const first = relay(parked, rows, failures);
        const second = relay(parked, parked.takeAll(['never']), failures);
        const third = relay(parked, parked.takeAll([]), failures);

        for (const order of ['a', 'b', 'c', 'd']) {
          const of = (messages: readonly OutgoingMessage[]) =>
            messages.filter((one) => one.orderingKey === order);
          const expected = of(all);
          const until = (...missing: string[]) =>
            expected.findIndex(({ topic }) => missing.includes(topic));
          const before = (end: number) => expected.slice(0, end === -1 ? expected.length : end);
          expect(of(first)).toEqual(before(until('nowhere', 'never')));
          expect([...of(first), ...of(second)]).toEqual(before(until('never')));
          expect([...of(first), ...of(second), ...of(third)]).toEqual(expected);
        }
        expect(parked.isEmpty()).toBe(true);
      }),
    ));

  it('count how many messages wait for which topic, without those behind them', () => {
    const parked = new ParkedMessages();
    expect(parked.addMissing(['nowhere'])).toEqual(['nowhere']);
    expect(parked.addMissing(['nowhere'])).toEqual([]);
    const [part] = parked.split([
      row(
        1,
        message(1, 'a', 'nowhere'),
        message(2, 'a', 'here'),
        message(3, 'b', 'nowhere'),
        message(4, 'c', 'here'),
      ),
    ]);
    if (part) parked.park(part);

    expect(part?.sendable.map(({ value }) => value)).toEqual(['4']);
    expect([...parked.countByTopic()]).toEqual([['nowhere', 2]]);
  });
});
