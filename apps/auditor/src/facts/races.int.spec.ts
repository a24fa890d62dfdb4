import { setTimeout as sleep } from 'node:timers/promises';
import { checkInvariants, type Database, Outbox, UnitOfWork } from '@sluice/postgres';
import { inSnapshot, runChecks } from '../checks/run-checks.js';
import { factsOfWithdrawal } from '../testkit/facts-of-withdrawal.js';
import { givenAuditor } from '../testkit/given-auditor.js';
import { keepPayments, type PaymentRow, storeReading } from '../venues/store-reading.js';
import { PAYMENTS } from '../writes/audited-rows.js';
import { type FollowedEvent, ledgerFacts } from '../writes/ledger-facts.js';
import type { AuditedOrder } from '../writes/merge-facts.js';
import { storeFacts } from '../writes/store-facts.js';

const INVARIANTS = new URL('../postgres/invariants/', import.meta.url);

let owner: Database;
let service: Database;
beforeEach(async () => {
  ({ owner, service } = await givenAuditor());
  await owner.query(
    `UPDATE audit_progress SET started_at = now() - interval '1 hour', followed_through = now() + interval '1 hour'`,
  );
});
afterEach(() => Promise.all([owner.close(), service.close()]));

/** Work of another process whose transaction stays open until `commit`. */
async function open(work: (beforeCommit: () => Promise<void>) => Promise<unknown>) {
  const [reached, allowed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const done = work(() => {
    reached.resolve();
    return allowed.promise;
  });
  await Promise.race([reached.promise, done]);
  return {
    commit: async () => {
      allowed.resolve();
      await done;
    },
  };
}

const nothing = () => Promise.resolve();
const store = (events: readonly FollowedEvent[], orders: readonly AuditedOrder[], end = nothing) =>
  new UnitOfWork(service, 'auditor', new Outbox(service)).run(async (tx) => {
    await storeFacts(tx, ledgerFacts(events), orders);
    await end();
  });
const reads = (row: PaymentRow, end = nothing) =>
  keepPayments(
    {
      withClient: (work) =>
        service.withClient((client, runner) => {
          const query = async (sql: string, params?: unknown[]) => {
            if (sql === 'COMMIT') await end();
            return client.query(sql, params);
          };
          return work({ query } as never, runner);
        }),
    },
    [row],
    new Date(),
  );

async function readsBalance(total: string) {
  const at = new Date();
  const reading = { venue: 'a', through: at, begunAt: at, isDeep: false, from: at };
  const rows = [{ currency: 'USDT', total }];
  await storeReading(service, {
    ...reading,
    balances: { begunAt: at.toISOString(), readAt: new Date(at.getTime() + 1), rows },
  });
}
/** Returns the venues whose balance deviates. */
async function compares(): Promise<readonly string[]> {
  const { readAgain } = await inSnapshot(service, (query) => runChecks(query, ['a'], new Date()));
  expect((await checkInvariants(owner, INVARIANTS)).violations).toEqual([]);
  return readAgain;
}
const findings = () => owner.query('SELECT kind FROM finding');
const paid = () => owner.query(`SELECT withdrawal_id FROM ${PAYMENTS} p WHERE status IS NOT NULL`);

describe('processes that store facts of one withdrawal at once', () => {
  it('store a payment once', async () => {
    const { id, placed, order, payment } = factsOfWithdrawal();
    await store([placed()], [order()]);
    const first = await open((end) => reads(payment(), end));
    const second = reads(payment());
    const isFirst = await Promise.race([second.then(() => false), sleep(300, true)]);
    await first.commit();
    await second;

    expect(isFirst).toBe(true);
    expect(await paid()).toEqual([{ withdrawal_id: id }]);
    expect(await compares()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  it('do not wait for each other to read a payment and to move its hold', async () => {
    const { id, placed, moved, order, payment } = factsOfWithdrawal();
    await store([placed()], [order()]);
    const facts = await open((end) => store([moved()], [], end));
    await reads(payment());
    await facts.commit();

    expect(await paid()).toEqual([{ withdrawal_id: id }]);
    expect(await compares()).toEqual([]);
    expect(await findings()).toEqual([]);
  });

  describe('and the balance of the venue', () => {
    beforeEach(async () => {
      await readsBalance('1000');
      await compares();
    });

    it('count an order once whose payment was read before its order was stored', async () => {
      const { placed, order, payment } = factsOfWithdrawal();
      const facts = await open((end) => store([placed()], [order()], end));
      await reads(payment());
      await facts.commit();

      await readsBalance('993.99');
      expect(await compares()).toEqual(['a']);
      await readsBalance('994');
      expect(await compares()).toEqual([]);
      expect(await paid()).toEqual([{ withdrawal_id: expect.any(String) as string }]);
    });

    it('count an order once that one process stores with the hold, and one without', async () => {
      const { placed, order, payment } = factsOfWithdrawal();
      const alone = await open((end) => store([], [order()], end));
      await store([placed()], [order()]);
      await alone.commit();
      expect(await owner.query('SELECT order_venue FROM audited_withdrawal')).toHaveLength(1);
      expect(await owner.query('SELECT venue FROM audited_order')).toHaveLength(1);

      // the order may have left with the largest fee, 100
      await readsBalance('894.99');
      expect(await compares()).toEqual(['a']);
      await readsBalance('895');
      expect(await compares()).toEqual([]);
      await reads(payment());
      await readsBalance('993.99');
      expect(await compares()).toEqual(['a']);
      expect(await paid()).toHaveLength(1);
      expect(await findings()).toEqual([]);
    });
  });
});
