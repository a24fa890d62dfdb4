import fc from 'fast-check';
import { splitIntoSends } from './deferred-messages.js';

function message(id: string, bytes: number) {
  return {
    topic: 't',
    key: 'k',
    orderingKey: 'k',
    headers: { ce_id: id },
    value: 'x'.repeat(bytes),
  };
}

describe('splitIntoSends', () => {
  it('keeps all messages in order, none of several in one send beyond the limit', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(400)), (sizes) => {
        const messages = sizes.map((size, n) => message(`${n}`, size));
        const sends = splitIntoSends(messages, 1_000);
        expect(sends.flat()).toEqual(messages);
        for (const send of sends)
          expect(
            send.length === 1 || send.reduce((sum, { value }) => sum + value.length, 0) <= 1_000,
          ).toBe(true);
      }),
    ));

  it('sends a message alone that is larger than the limit, which the broker may refuse', () => {
    const sends = splitIntoSends([message('a', 10), message('b', 5_000), message('c', 10)], 1_000);
    expect(sends.map((send) => send.map(({ headers }) => headers.ce_id))).toEqual([
      ['a'],
      ['b'],
      ['c'],
    ]);
  });
});
