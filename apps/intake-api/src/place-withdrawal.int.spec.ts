import { randomUUIDv7 } from 'node:crypto';
import { Amount } from '@sluice/money';
import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import type { Order } from '@sluice/withdrawal-core';
import { Saga } from './kafka/saga.js';
import { WithdrawalIntake, type Placed } from './place-withdrawal.js';
import { WithdrawalWaiters } from './http/withdrawal-waiters.js';
import { anOrder } from './testkit/a-withdrawal.js';
import { countOf, givenAccount, givenInstance, published, type TestInstance } from './testkit/given-intake.js';
import { createLogger } from '@sluice/service-shell';

describe('WithdrawalIntake', () => {
  let postgres: TestPostgres;
  let a: TestInstance;
  let b: TestInstance;
  let accountId: string;
  let intakes: [WithdrawalIntake, WithdrawalIntake];
  beforeAll(async () => {
    postgres = await withTestPostgres();
    const url = await postgres.createDatabase('intake');
    [a, b] = [await givenInstance(url), await givenInstance(url)];
    accountId = await givenAccount(a.database);
    intakes = [new WithdrawalIntake(a.unitOfWork), new WithdrawalIntake(b.unitOfWork)];
  });
  afterAll(async () => {
    await Promise.all([a, b].map(({ database }) => database.close()));
    await postgres.stop();
  });

  const order = (change: Partial<Order> = {}) => anOrder({ accountId, ...change });
  /** By turns at one instance and the other, all at once. */
  const placeAll = (orders: readonly Order[]) =>
    Promise.all(orders.map((one, index) => intakes[index % 2 === 0 ? 0 : 1].place({ order: one, decimals: 6 })));
  const idsOf = (placed: readonly Placed[]) => new Set(placed.map(({ stored }) => stored.withdrawal.order.id));

  it('puts an order on record and asks the ledger for amount and fee, in one commit', async () => {
    const one = order({ clientReference: 'first' });

    const placed = await intakes[0].place({ order: one, decimals: 6 });

    expect(placed).toMatchObject({ kind: 'created', stored: { decimals: 6, withdrawal: { state: 'requested', sequence: 1, order: one } } });
    expect((await published(a.database, one.id)).map(({ type, data }) => [type, data['amount']])).toEqual([
      ['withdrawal.requested.v1', '5'],
      ['ledger.place-hold.v1', '6'],
    ]);
    expect(await countOf(a.database, `withdrawal_event WHERE withdrawal_id = $1 AND to_state = 'requested'`, [one.id])).toBe(1);
  });

  it('makes one withdrawal of a hundred requests with one reference, in two instances at once', async () => {
    const placed = await placeAll(Array.from({ length: 100 }, () => order({ clientReference: 'hundred' })));

    expect(placed.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    expect(idsOf(placed).size).toBe(1);
    expect(await countOf(a.database, `withdrawal WHERE client_reference = 'hundred'`)).toBe(1);
    const [id = ''] = idsOf(placed);
    expect((await published(a.database, id)).map(({ type }) => type)).toEqual(['withdrawal.requested.v1', 'ledger.place-hold.v1']);
  });

  it('keeps references apart by key, and never confuses requests without one', async () => {
    const orders = [
      order({ clientReference: 'shared', keyId: 'ck_1' }),
      order({ clientReference: 'shared', keyId: 'ck_2' }),
      order({ clientReference: null }),
      order({ clientReference: null }),
    ];
    expect((await placeAll(orders)).map(({ kind }) => kind)).toEqual(['created', 'created', 'created', 'created']);
  });

  it('places the same references in two instances, in opposite order, without waiting for a deadlock to be found', async () => {
    const references = Array.from({ length: 100 }, (_, n) => `crossing ${n}`);
    const [up, down] = [references, references.toReversed()].map((list) => list.map((clientReference) => order({ clientReference })));
    const started = Date.now();
    const placed = await Promise.all([
      ...(up ?? []).map((one) => intakes[0].place({ order: one, decimals: 6 })),
      ...(down ?? []).map((one) => intakes[1].place({ order: one, decimals: 6 })),
    ]);
    expect(idsOf(placed).size).toBe(100);
    expect(Date.now() - started).toBeLessThan(1_000); // PostgreSQL looks for deadlocks after one second
  });

  it('spends few transactions on five hundred placements at once', async () => {
    const lastTransaction = async () => Number((await a.database.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid'))[0]?.xid);
    const before = await lastTransaction();

    const placed = await Promise.all(Array.from({ length: 500 }, () => intakes[0].place({ order: order({ id: randomUUIDv7() }), decimals: 6 })));

    expect(placed.every(({ kind }) => kind === 'created')).toBe(true);
    expect((await lastTransaction()) - before).toBeLessThanOrEqual(3); // this look is one of them
  });

  it('does not let one order that cannot be written fail the others of its group', async () => {
    const { asset } = order();
    const orders = Array.from({ length: 9 }, (_, n) =>
      n === 4 ? order({ amount: Amount.of('9'.repeat(38), asset), fee: Amount.of('1', asset) }) : order({ clientReference: `beside ${n}` }),
    );
    const settled = await Promise.allSettled(orders.map((one) => intakes[0].place({ order: one, decimals: 6 })));
    expect(settled.map(({ status }) => status)).toEqual(orders.map((_, n) => (n === 4 ? 'rejected' : 'fulfilled')));
    expect(await countOf(a.database, `withdrawal WHERE id = $1`, [orders[4]?.id])).toBe(0);
    expect(await countOf(a.database, `withdrawal WHERE client_reference LIKE 'beside %'`)).toBe(8);
  });

  it('answers each of many requests for one reference, while refusals keep giving it back', async () => {
    const saga = new Saga(b.unitOfWork, new WithdrawalWaiters(() => Promise.resolve([])), createLogger('test', 'silent'), 'b');
    let done = false;
    const refusing = (async () => {
      for (let n = 0; !done; n++) {
        const [row] = await b.database.query<{ id: string }>(`SELECT id FROM withdrawal WHERE client_reference = 'contested'`);
        const fact = () => ({ trigger: 'hold_refused', reason: 'insufficient_funds' }) as const;
        if (row) await saga.take([{ id: `refusal ${n}`, news: { kind: 'fact', withdrawalId: row.id, fact } }]);
      }
    })();
    for (let round = 0; round < 30; round++) {
      const placed = await placeAll(Array.from({ length: 10 }, () => order({ clientReference: 'contested' })));
      expect(placed).toHaveLength(10); // none of them failed
    }
    done = true;
    await refusing;
    expect(await countOf(a.database, `withdrawal WHERE rejected_reference = 'contested'`)).toBeGreaterThan(0);
  });
});
