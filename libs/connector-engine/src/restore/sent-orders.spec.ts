import { register } from 'prom-client';
import { Amount } from '@sluice/kernel';
import { FORM } from '../testkit/given-queue.js';
import { SentMemory, SentOrders } from './sent-orders.js';

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

const DAY_MS = 24 * 3_600_000;
const DROPPED = 'sluice_sent_memory_dropped_total';

describe('the memory of sends', () => {
  let now = 0;
  let memory: SentMemory;
  beforeEach(() => {
    now = 0;
    memory = new SentMemory(2, () => now);
    register.getSingleMetric(DROPPED)?.reset();
  });
  const send = (clientReference: string, attempt = 1) => memory.begin({ clientReference, attempt });
  const dropped = async () => (await register.getSingleMetric(DROPPED)?.get())?.values[0]?.value;

  it('contains a send from the moment before the first byte, with its later outcome', () => {
    send('a');
    expect(memory.of('a')).toMatchObject({ attempt: 1, outcome: 'pending', ageMs: 0 });

    now = 5;
    memory.ended({ clientReference: 'a', attempt: 1 }, 'accepted');
    expect([memory.of('a'), memory.of('b')]).toMatchObject([
      { attempt: 1, outcome: 'accepted', ageMs: 5 },
      null,
    ]);
  });

  it('keeps the newest attempt of an order; the end of an earlier attempt changes nothing', () => {
    send('a', 2);
    memory.ended({ clientReference: 'a', attempt: 1 }, 'refused');
    memory.forget({ clientReference: 'a', attempt: 1 });

    expect(memory.of('a')).toMatchObject({ attempt: 2, outcome: 'pending' });
  });

  it('does not contain a send without a byte that left', () => {
    send('a');
    memory.forget({ clientReference: 'a', attempt: 1 });

    expect(memory.of('a')).toBeNull();
  });

  it('is complete since the start of the process, and forgets a send after a day', async () => {
    now = 1_000;
    send('a');
    expect(memory.completeForMs()).toBe(1_000);

    now = DAY_MS + 1_001;
    send('b');
    expect([memory.of('a'), memory.completeForMs(), await dropped()]).toEqual([
      null,
      DAY_MS + 1,
      0,
    ]);
  });

  it('counts a send that it must forget earlier, and is complete only since then', async () => {
    send('a');
    now = 10;
    send('b');
    now = 30;
    send('c');

    expect([memory.of('a'), memory.completeForMs(), await dropped()]).toEqual([null, 30, 1]);
    now = 40;
    send('d');
    expect([memory.of('b'), memory.completeForMs(), await dropped()]).toEqual([null, 30, 2]);
  });
});
