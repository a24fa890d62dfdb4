import fc from 'fast-check';
import { Accounts } from './accounts.js';
import type { BookedPayment, SimulatedFact } from './facts.js';
import { PaymentBook } from './payment-book.js';

const STATUS_SCRIPTS = {
  straight: { statuses: ['NEW', 'SENT', 'DONE'] },
  back: { statuses: ['NEW', 'SENT', 'DONE', 'SENT', 'DONE'] },
  failed: { statuses: ['NEW', 'FAILED'], returnsFunds: true },
};

const aPayment = (change: Partial<BookedPayment> = {}): BookedPayment => ({
  id: 'w1',
  kind: 'chain',
  client_id: null,
  currency: 'USDT',
  chain: 'ETH',
  destination: '0xabc',
  memo: null,
  amount: '10',
  fee: '1',
  net_amount: '9',
  created_at: 1_000,
  script: 'straight',
  ...change,
});

function givenBook(times: Record<string, number> = { NEW: 100, SENT: 100, DONE: 100 }) {
  const clock = { times };
  const book = new PaymentBook(STATUS_SCRIPTS, () => clock.times, 0);
  const accounts = new Accounts(book, { USDT: '100' });
  const apply = (fact: SimulatedFact): void => {
    book.apply(fact);
    accounts.apply(fact);
    if (fact.t === 'settings')
      clock.times = { ...clock.times, ...(fact.patch['status_ms'] as object) };
  };
  const statusAt = (id: string, now: number): string => {
    const entry = book.find(id);
    return entry ? book.statusOf(entry, now) : 'absent';
  };
  return { book, accounts, apply, statusAt };
}

describe('statuses', () => {
  it('advance with the time that passes, and the last one stays', () => {
    const { apply, statusAt } = givenBook();
    apply({ t: 'payment', payment: aPayment() });

    expect([1_000, 1_099, 1_100, 1_199, 1_200, 9_999].map((now) => statusAt('w1', now))).toEqual([
      'NEW',
      'NEW',
      'SENT',
      'SENT',
      'DONE',
      'DONE',
    ]);
  });

  it('go back only by a script with a backward step', () => {
    const { apply, statusAt } = givenBook();
    apply({ t: 'payment', payment: aPayment({ script: 'back' }) });

    expect([1_200, 1_300, 1_400].map((now) => statusAt('w1', now))).toEqual([
      'DONE',
      'SENT',
      'DONE',
    ]);
  });

  it('keep what they have reached when the times change, and go on by the new times', () => {
    const { apply, statusAt } = givenBook();
    apply({ t: 'payment', payment: aPayment() });
    apply({ t: 'settings', patch: { status_ms: { NEW: 5_000, SENT: 1_000 } }, at: 1_150 });

    expect([1_150, 2_099, 2_100].map((now) => statusAt('w1', now))).toEqual([
      'SENT',
      'SENT',
      'DONE',
    ]);
  });

  it('follow another script from the moment of turning', () => {
    const { apply, statusAt } = givenBook();
    apply({ t: 'payment', payment: aPayment() });
    apply({ t: 'turned', id: 'w1', script: 'failed', at: 1_050 });

    expect([1_149, 1_150].map((now) => statusAt('w1', now))).toEqual(['NEW', 'FAILED']);
  });
});

describe('a status script written by a test', () => {
  it('passes the statuses that a test wrote; one without a time of its own lasts as long as any other', () => {
    const { apply, statusAt } = givenBook({ NEW: 100, other: 10 });
    apply({ t: 'payment', payment: aPayment({ script: 'scripted NEW ODD NEW DONE' }) });

    expect([1_099, 1_100, 1_110, 1_209, 1_210].map((now) => statusAt('w1', now))).toEqual([
      'NEW',
      'ODD',
      'NEW',
      'NEW',
      'DONE',
    ]);
  });

  it('gives the money back where the venue does so with its last status', () => {
    const { apply, accounts } = givenBook();
    apply({ t: 'payment', payment: aPayment({ id: 'w1', script: 'scripted ODD FAILED' }) });
    apply({ t: 'payment', payment: aPayment({ id: 'w2', script: 'scripted FAILED DONE' }) });

    expect(accounts.of('USDT', 9_000).toString()).toBe('90');
  });
});

describe('balances', () => {
  it('fall by the gross amount and come back when the payment fails, once', () => {
    const { apply, accounts } = givenBook();
    apply({ t: 'payment', payment: aPayment({ script: 'failed' }) });

    expect([1_000, 1_100, 5_000].map((now) => accounts.of('USDT', now).toString())).toEqual([
      '90',
      '100',
      '100',
    ]);
  });

  it('are set from now on: what came back before does not count again', () => {
    const { apply, accounts } = givenBook();
    apply({ t: 'payment', payment: aPayment({ script: 'failed' }) });
    apply({ t: 'settings', patch: { balances: { USDT: '5' } }, at: 2_000 });

    expect(accounts.of('USDT', 3_000).toString()).toBe('5');
  });
});

describe('select', () => {
  const anyPayments = fc
    .array(
      fc.record({
        gap: fc.nat(3),
        kind: fc.constantFrom('chain', 'account'),
        client: fc.constantFrom('a', 'b', null),
      }),
      { maxLength: 40 },
    )
    .map((rows) => {
      let created_at = 0;
      return rows.map(({ gap, kind, client }, index) =>
        aPayment({ id: `w${index + 1}`, kind, client_id: client, created_at: (created_at += gap) }),
      );
    });

  it('finds the same page as a plain filter over everything, newest first', () => {
    const range = fc.tuple(fc.nat(60), fc.nat(60));
    fc.assert(
      fc.property(
        anyPayments,
        range,
        fc.constantFrom('a', undefined),
        fc.nat(5),
        fc.integer({ min: 1, max: 10 }),
        (payments, [from, to], clientId, offset, limit) => {
          const { book, apply } = givenBook();
          for (const payment of payments) apply({ t: 'payment', payment });

          const found = book.select({
            kind: 'chain',
            from,
            to,
            ...(clientId ? { clientId } : {}),
            matches: () => true,
            offset,
            limit,
          });

          const expected = payments
            .filter(
              (one) =>
                one.kind === 'chain' &&
                one.created_at >= from &&
                one.created_at <= to &&
                (!clientId || one.client_id === clientId),
            )
            .reverse()
            .slice(offset, offset + limit);
          expect(found.map(({ payment }) => payment)).toEqual(expected);
        },
      ),
    );
  });

  it('never gives an id twice, also after a replay and after a reset', () => {
    const { book, apply } = givenBook();
    apply({ t: 'payment', payment: aPayment({ id: 'w41' }) });
    expect(book.nextId()).toBe(42);

    apply({ t: 'reset' });
    expect(book.nextId()).toBe(42);
    const { book: next, apply: replay } = givenBook();
    for (const fact of book.facts()) replay(fact);
    expect(next.nextShortId()).toBe(42);
    expect(book.all()).toEqual([]);
  });
});
