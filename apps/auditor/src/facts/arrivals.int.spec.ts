import fc from 'fast-check';
import { checkInvariants, type Database, type UnitOfWork } from '@sluice/postgres';
import { inSnapshot, runChecks } from '../checks/run-checks.js';
import { type FactsOfWithdrawal, factsOfWithdrawal } from '../testkit/facts-of-withdrawal.js';
import { givenAuditor } from '../testkit/given-auditor.js';
import { keepPayments, type PaymentRow } from '../venues/store-reading.js';
import { ORDERS, PAYMENTS } from '../writes/audited-rows.js';
import { type FollowedEvent, ledgerFacts } from '../writes/ledger-facts.js';
import type { AuditedOrder } from '../writes/merge-facts.js';
import { storeFacts } from '../writes/store-facts.js';

const INVARIANTS = new URL('../postgres/invariants/', import.meta.url);

interface Fact {
  readonly event?: FollowedEvent;
  readonly order?: AuditedOrder;
  readonly payment?: PaymentRow;
}

/** A way of a withdrawal: messages of one partition in their order, orders, and states of each payment in their order. */
interface Way {
  readonly ledger: readonly FollowedEvent[];
  readonly orders: readonly AuditedOrder[];
  readonly payments: readonly (readonly PaymentRow[])[];
}

type Of = FactsOfWithdrawal;
const captured = (of: Of) => ({ ledger: [of.placed(), of.captured()], orders: [of.order()] });
const paidAgain = (of: Of, change: Partial<PaymentRow> = {}) =>
  of.payment({
    venue_reference: `later ${of.id}`,
    created_at: new Date(Date.now() + 1_000),
    ...change,
  });
const moved = (of: Of) => ({
  ledger: [of.placed(), of.moved(), of.captured()],
  orders: [of.order(), of.order('b')],
});

const WAYS: Readonly<Record<string, (of: Of) => Way>> = {
  'captured and paid': (of) => ({ ...captured(of), payments: [[of.payment()]] }),
  'captured and not paid': (of) => ({ ...captured(of), payments: [] }),
  'open and paid': (of) => ({ ...captured(of), ledger: [of.placed()], payments: [[of.payment()]] }),
  'released and not paid': (of) => ({
    ...captured(of),
    ledger: [of.placed(), of.released()],
    payments: [],
  }),
  'released and paid': (of) => ({
    ...captured(of),
    ledger: [of.placed(), of.released()],
    payments: [[of.payment()]],
  }),
  'paid twice with our reference': (of) => ({
    ...captured(of),
    payments: [[of.payment()], [paidAgain(of)]],
  }),
  'paid twice, once without our reference': (of) => ({
    ...captured(of),
    payments: [[of.payment()], [paidAgain(of, { client_reference: null })]],
  }),
  'paid without our reference': (of) => ({
    ...captured(of),
    payments: [[of.payment({ client_reference: null })]],
  }),
  'paid without order': (of) => ({ ...captured(of), orders: [], payments: [[of.payment()]] }),
  'paid, with an unlisted recipient': (of) => {
    const { equality_key: key } = of.payment();
    const unlisted = { client_reference: null, equality_key: `of ${of.id}`, unlisted_key: key };
    return { ...captured(of), payments: [[of.payment(unlisted)]] };
  },
  'pending, then paid': (of) => ({
    ...captured(of),
    payments: [[of.payment({ status: 'pending' }), of.payment()]],
  }),
  'paid, then failed': (of) => ({
    ...captured(of),
    payments: [[of.payment(), of.payment({ status: 'failed' })]],
  }),
  'moved and paid': (of) => ({ ...moved(of), payments: [[of.payment({ venue: 'b' })]] }),
  'moved and paid at both venues': (of) => ({
    ...moved(of),
    payments: [[of.payment()], [paidAgain(of, { venue: 'b' })]],
  }),
};

/** Returns whole numbers below a limit. */
type Random = (below: number) => number;

/** At least once, in order: a consumer repeats what followed its last offset. */
function withRepetitions<T>(facts: readonly T[], random: Random): readonly T[] {
  const arrived: T[] = [];
  for (let at = 0; at < facts.length; at++) {
    arrived.push(...facts.slice(at, at + 1));
    if (random(4) === 0) at = random(at + 1) - 1;
  }
  return arrived;
}

/** A payment is listed again in its present state. */
const listedAgain = <T>(states: readonly T[], random: Random): readonly T[] =>
  states.flatMap((state) => Array.from({ length: 1 + random(2) }, () => state));

/** Facts in an order of arrival. Any message of the ledger may also arrive before all others. */
function arrivalOf({ ledger, orders, payments }: Way, random: Random): readonly Fact[] {
  const early = Array.from({ length: random(3) }, () => ledger[random(ledger.length)]);
  const events = [...early, ...withRepetitions(ledger, random)];
  const streams: Fact[][] = [
    events.flatMap((event) => (event ? { event } : [])),
    ...orders.map((order) => listedAgain([{ order }], random).slice()),
    ...payments.map((states) => listedAgain(states, random).map((payment) => ({ payment }))),
  ];
  const arrived: Fact[] = [];
  for (let left = streams; left.length > 0; left = left.filter(({ length }) => length > 0)) {
    const [next] = left[random(left.length)]?.splice(0, 1) ?? [];
    if (next) arrived.push(next);
  }
  return arrived;
}

const inOrder = ({ ledger, orders, payments }: Way): readonly Fact[] => {
  const [placed, ...rest] = ledger.map((event) => ({ event }));
  return [
    ...(placed ? [placed] : []),
    ...orders.map((order) => ({ order })),
    ...rest,
    ...payments.flat().map((payment) => ({ payment })),
  ];
};

describe('the facts of withdrawals', () => {
  let owner: Database;
  let service: Database;
  let unitOfWork: UnitOfWork;
  beforeAll(async () => {
    ({ owner, service, unitOfWork } = await givenAuditor());
    await owner.query(
      `INSERT INTO venue_reading (venue, read_through, completed_at, deep_read_at, balances_read_at)
       SELECT venue, now(), now(), now(), now() FROM unnest('{a,b}'::text[]) AS venue`,
    );
  });
  afterAll(() => Promise.all([owner.close(), service.close()]));

  /** Until `known`, every fact is known and read. */
  const check = async (known: string) => {
    await owner.query(
      `UPDATE audit_progress SET started_at = now() - interval '1 hour', followed_through = now() + $1::interval`,
      [known],
    );
    await owner.query(`UPDATE venue_reading SET completed_at = now() + $1::interval`, [known]);
    while (
      (await inSnapshot(service, (query) => runChecks(query, ['a', 'b'], new Date(), 50))).isMore
    );
  };

  const storeEvents = (facts: readonly Fact[], orders: readonly AuditedOrder[]) =>
    unitOfWork.run((tx) =>
      storeFacts(tx, ledgerFacts(facts.flatMap(({ event }) => event ?? [])), orders),
    );
  async function store(facts: readonly Fact[], random: Random): Promise<void> {
    const orders = facts.flatMap(({ order }) => order ?? []);
    const payments = facts.flatMap(({ payment }) => payment ?? []);
    const steps = [
      ...(random(2) === 0
        ? [() => storeEvents(facts, orders)]
        : [() => storeEvents(facts, []), () => storeEvents([], orders)]),
      // one reading lists a payment once
      ...(payments.length > 0 ? [() => keepPayments(service, payments, new Date())] : []),
    ];
    while (steps.length > 0) await steps.splice(random(steps.length), 1)[0]?.();
  }

  async function arrive(arrivals: readonly (readonly Fact[])[], random: Random): Promise<void> {
    const left = arrivals.map((facts) => [...facts]);
    while (left.some(({ length }) => length > 0)) {
      const batches = left.map((facts) => facts.splice(0, random(4)));
      const most = Math.max(...batches.map(({ length }) => length));
      const states = (facts: readonly Fact[]) => facts.filter(({ payment }) => payment).length;
      if (batches.every((facts) => states(facts) <= 1)) await store(batches.flat(), random);
      else
        for (let at = 0; at < most; at++)
          await store(
            batches.flatMap((facts) => facts.slice(at, at + 1)),
            random,
          );
      if (random(2) === 0) await check('-1 hour');
    }
  }

  /** Facts of a withdrawal that the auditor has stored, in one row or in several. */
  async function known({ id, account }: Of): Promise<string> {
    const [row] = await owner.query<object>(
      `SELECT h.state, h.venue, h.account_id, h.amount::text, a.balance::text, a.held::text,
              (SELECT json_agg(o ORDER BY o.venue) FROM (SELECT DISTINCT o.venue, o.amount::text, o.client_reference, o.equality_key FROM ${ORDERS} o
                WHERE o.withdrawal_id = h.withdrawal_id AND o.venue IS NOT NULL) o) AS orders,
              (SELECT json_agg(p ORDER BY p.venue, p.venue_reference) FROM (
                SELECT p.venue, p.venue_reference, p.status, p.net::text, p.client_reference, p.equality_key, p.withdrawal_id FROM ${PAYMENTS} p
                 WHERE p.venue_reference LIKE '%' || h.withdrawal_id) p) AS payments,
              (SELECT json_agg(m) FROM (
                SELECT m.entry_id, m.amount::text FROM audited_movement m WHERE m.account_id = h.account_id
                 UNION ALL
                SELECT h.entry_id, (-h.debited)::text WHERE h.entry_id IS NOT NULL) m) AS movements,
              (SELECT json_agg(f ORDER BY f.kind, f.subject) FROM (
                SELECT f.kind, f.subject, f.scope, f.target FROM finding f WHERE f.subject LIKE '%' || h.withdrawal_id || '%') f) AS findings
         FROM audited_withdrawal h JOIN audited_account a USING (account_id, asset) WHERE h.withdrawal_id = $1`,
      [id],
    );
    return JSON.stringify(row, null, 1).replaceAll(id, 'ID').replaceAll(account, 'ACCOUNT');
  }

  it('are the same in every order of arrival and with repetitions, in whatever batches', async () => {
    const ways = Object.entries(WAYS);
    const begins = ways.map(() => factsOfWithdrawal());
    for (const [at, [, way]] of ways.entries())
      for (const fact of inOrder(way(begins[at] ?? factsOfWithdrawal())))
        await store([fact], () => 0);
    await check('1 hour');
    const expected: Record<string, string> = {};
    for (const [at, [name]] of ways.entries())
      expected[name] = await known(begins[at] ?? factsOfWithdrawal());
    const kinds = Object.values(expected).flatMap((text) => [...text.matchAll(/"kind": "(\w+)"/g)]);
    expect(kinds.map(([, kind]) => kind).sort()).toEqual([
      'captured_without_payment',
      'captured_without_payment',
      'paid_twice',
      'paid_twice',
      'paid_twice',
      'payment_without_order',
      'released_but_paid',
    ]);

    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.noBias(fc.nat())), async (numbers) => {
        const random: Random = (below) => Number(numbers.next().value) % below;
        const of = ways.map(([name, way]) => ({ name, way, facts: factsOfWithdrawal() }));
        const arrivals = of.map(({ way, facts }) => arrivalOf(way(facts), random));
        await arrive(arrivals, random);
        await check('1 hour');
        for (const { name, facts } of of)
          expect([name, await known(facts)]).toEqual([name, expected[name]]);
        expect((await checkInvariants(owner, INVARIANTS)).violations).toEqual([]);
      }),
      { numRuns: 30, endOnFailure: true },
    );
  }, 240_000);
});
