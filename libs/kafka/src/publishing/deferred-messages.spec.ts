import fc from 'fast-check';
import type { OutboxRow, OutgoingMessage } from '@sluice/postgres';
import { DeferredMessages } from './deferred-messages.js';

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
  deferred: DeferredMessages,
  rows: readonly OutboxRow[],
  failures: readonly boolean[],
): OutgoingMessage[] {
  return rows.flatMap((one, index) => {
    if (failures[index % failures.length]) deferred.split([one]);
    const parts = deferred.split([one]);
    for (const part of parts) if (part.deferred.length > 0) deferred.defer(part);
    return parts.flatMap(({ sendable }) => sendable);
  });
}

describe('DeferredMessages', () => {
  it('let all messages pass that have none deferred before them, and keep the order of each withdrawal', () =>
    fc.assert(
      fc.property(anyRows, fc.array(fc.boolean(), { minLength: 1 }), (rows, failures) => {
        const deferred = new DeferredMessages();
        deferred.addMissing(['nowhere', 'never']);
        const all = rows.flatMap(({ messages }) => messages);

        const first = relay(deferred, rows, failures);
        const second = relay(deferred, deferred.takeAll(['never']), failures);
        const third = relay(deferred, deferred.takeAll([]), failures);

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
        expect(deferred.isEmpty()).toBe(true);
      }),
    ));

  it('count how many messages wait for which topic, without those behind them', () => {
    const deferred = new DeferredMessages();
    expect(deferred.addMissing(['nowhere'])).toEqual(['nowhere']);
    expect(deferred.addMissing(['nowhere'])).toEqual([]);
    const [part] = deferred.split([
      row(
        1,
        message(1, 'a', 'nowhere'),
        message(2, 'a', 'here'),
        message(3, 'b', 'nowhere'),
        message(4, 'c', 'here'),
      ),
    ]);
    if (part) deferred.defer(part);

    expect(part?.sendable.map(({ value }) => value)).toEqual(['4']);
    expect([...deferred.countByTopic()]).toEqual([['nowhere', 2]]);
  });
});
