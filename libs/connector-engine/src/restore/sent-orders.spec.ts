import { Amount } from '@sluice/kernel';
import { FORM } from '../testkit/given-queue.js';
import { SentOrders } from './sent-orders.js';

const CAPABILITIES = {
  venue: 'testvenue',
  forms: [{ ...FORM, honoured: { forMs: 1_000, source: 'a manual' } }],
};

describe('what a process has sent', () => {
  let now = 0;
  let sent: SentOrders;
  beforeEach(() => {
    now = 0;
    sent = new SentOrders(CAPABILITIES, { submitTimeoutMs: 100 }, 3, () => now);
  });

  const send = (clientReference: string, attempt = 1) =>
    sent.remember({
      clientReference,
      attempt,
      request: { form: 'pay', body: '{}', gross: Amount.of('1', 'USDT.ETH'), evidence: {} },
      venueTime: new Date(0),
    });
  const known = (clientReference: string, attempt = 1) =>
    sent.wasSent({ clientReference, attempt });

  it('is known by reference and attempt: the attempt after it is another one', () => {
    send('a', 2);
    expect([known('a', 1), known('a', 2), known('a', 3), known('b')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('is kept for as long as the venue may act on it, whatever is sent meanwhile, and leaves no room until then', () => {
    send('a');
    now = 500;
    send('b');
    send('c');
    expect(sent.capacity()).toBe(0);
    now = 1_100;
    expect([sent.capacity(), known('a')]).toEqual([0, true]);
    now = 1_101;
    expect([sent.capacity(), known('a'), known('b')]).toEqual([1, false, true]);
  });

  it('is kept anew when it is sent once more', () => {
    send('a');
    now = 1_000;
    send('a');
    now = 2_000;
    expect([sent.capacity(), known('a')]).toEqual([2, true]);
    expect(sent.list()).toMatchObject([{ clientReference: 'a', ageMs: 1_000 }]);
  });

  it('is forgotten when nothing of it left, but not for an earlier attempt', () => {
    send('a', 2);
    sent.forget({ clientReference: 'a', attempt: 1 });
    expect(known('a', 2)).toBe(true);
    sent.forget({ clientReference: 'a', attempt: 2 });
    expect(known('a', 2)).toBe(false);
  });
});
