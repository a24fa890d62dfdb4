import fc from 'fast-check';
import type { OutboxRow, OutgoingMessage } from '@sluice/postgres';
import { SetAside } from './set-aside.js';

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
  aside: SetAside,
  rows: readonly OutboxRow[],
  failures: readonly boolean[],
): OutgoingMessage[] {
  return rows.flatMap((one, index) => {
    if (failures[index % failures.length]) aside.divide([one]);
    const parts = aside.divide([one]);
    for (const part of parts) if (part.wait.length > 0) aside.keep(part);
    return parts.flatMap(({ go }) => go);
  });
}

describe('messages set aside', () => {
  it('let everything flow that has nothing missing before it, and keep the order of each withdrawal', () =>
    fc.assert(
      fc.property(anyRows, fc.array(fc.boolean(), { minLength: 1 }), (rows, failures) => {
        const aside = new SetAside();
        aside.learn(['nowhere', 'never']);
        const all = rows.flatMap(({ messages }) => messages);

        const first = relay(aside, rows, failures);
        const second = relay(aside, aside.release(['never']), failures);
        const third = relay(aside, aside.release([]), failures);

        for (const order of ['a', 'b', 'c', 'd']) {
          const of = (messages: readonly OutgoingMessage[]) =>
            messages.filter((one) => one.orderingKey === order);
          const mine = of(all);
          const until = (...missing: string[]) =>
            mine.findIndex(({ topic }) => missing.includes(topic));
          const before = (end: number) => mine.slice(0, end === -1 ? mine.length : end);
          expect(of(first)).toEqual(before(until('nowhere', 'never')));
          expect([...of(first), ...of(second)]).toEqual(before(until('never')));
          expect([...of(first), ...of(second), ...of(third)]).toEqual(mine);
        }
        expect(aside.isEmpty()).toBe(true);
      }),
    ));

  it('tell how many wait for which topic, not those behind them', () => {
    const aside = new SetAside();
    expect(aside.learn(['nowhere'])).toEqual(['nowhere']);
    expect(aside.learn(['nowhere'])).toEqual([]);
    const [part] = aside.divide([
      row(
        1,
        message(1, 'a', 'nowhere'),
        message(2, 'a', 'here'),
        message(3, 'b', 'nowhere'),
        message(4, 'c', 'here'),
      ),
    ]);
    if (part) aside.keep(part);

    expect(part?.go.map(({ value }) => value)).toEqual(['4']);
    expect([...aside.waiting()]).toEqual([['nowhere', 2]]);
  });
});
