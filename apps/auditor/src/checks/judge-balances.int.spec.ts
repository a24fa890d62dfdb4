import { randomUUID } from 'node:crypto';
import { type Database, Outbox, UnitOfWork } from '@sluice/postgres';
import { givenAuditor } from '../testkit/given-auditor.js';
import { judgeBalances } from './judge-balances.js';
import { type FollowedEvent, ledgerFacts } from '../writes/ledger-facts.js';
import type { AuditedOrder } from '../writes/merge-facts.js';
import { storeFacts } from '../writes/store-facts.js';
import { keepPayments, storeReading } from '../venues/store-reading.js';
import { inSnapshot } from './run-checks.js';

const ASSET = 'USDT.ETH';
/** Largest fee of USDT. */
const FEE = 100;

let owner: Database;
let service: Database;
beforeEach(async () => {
  ({ owner, service } = await givenAuditor());
  await service.query(
    `INSERT INTO venue_reading (venue, read_through, completed_at, deep_read_at) VALUES ('a', now(), now(), now())`,
  );
});
afterEach(() => Promise.all([owner.close(), service.close()]));

const tell = (type: FollowedEvent['type'], data: object, orders: readonly AuditedOrder[] = []) => {
  const event: object = { id: '1', source: 'ledger', time: new Date().toISOString(), type, data };
  return new UnitOfWork(service, 'auditor', new Outbox(service)).run((tx) =>
    storeFacts(tx, ledgerFacts([event as FollowedEvent]), orders),
  );
};

/** An open hold with its order. */
async function ordered(amount: string): Promise<string> {
  const id = randomUUID();
  const of = { withdrawalId: id, accountId: randomUUID(), asset: ASSET, amount };
  const order = {
    withdrawal_id: id,
    venue: 'a',
    asset: ASSET,
    amount,
    destination: 'd',
    equality_key: id,
    client_reference: id,
    ordered_at: new Date().toISOString(),
  };
  await tell('ledger.hold-placed.v1', { ...of, venue: 'a' }, [order]);
  return id;
}

const released = (withdrawalId: string) =>
  tell('ledger.hold-released.v1', { withdrawalId, accountId: randomUUID(), asset: ASSET });

interface Listed {
  readonly id?: string;
  readonly net: string;
  readonly fee?: string | null;
  readonly status?: string;
  /** Withdrawal of the payment's reference and values. */
  readonly of?: string;
}

/** A record of the venue, read now. */
async function listed({ id = randomUUID(), net, fee = '1', status = 'settled', of }: Listed) {
  const row = {
    venue: 'a',
    venue_reference: id,
    form: 'chain',
    client_reference: of ?? null,
    currency: 'USDT',
    network: null,
    destination: null,
    net,
    gross: net,
    venue_fee: fee,
    equality_key: of ?? null,
    unlisted_key: null,
    status,
    venue_status: 'x',
    tx_hash: null,
    created_at: new Date(),
  };
  await keepPayments(service, [row], new Date());
  return id;
}

/** For payments and readings alike. */
async function minutesPass(): Promise<void> {
  await owner.query(
    `UPDATE venue_payment SET final_seen_at = final_seen_at - interval '3 minutes'`,
  );
  await owner.query(
    `UPDATE audited_withdrawal SET paid_seen_at = paid_seen_at - interval '3 minutes'`,
  );
  await owner.query(`UPDATE venue_balance SET read_at = read_at - interval '3 minutes'`);
}

/** Compares a reading that begins now. */
async function reads(
  total: string,
  known: Date | null = new Date(Date.now() + 60_000),
  begun = Date.now(),
): Promise<readonly string[]> {
  const rows = [{ currency: 'USDT', total }];
  const [at, readAt] = [new Date(begun), new Date(begun + 1)];
  const reading = { venue: 'a', through: at, begunAt: at, isDeep: false, from: at };
  const balances = { begunAt: at.toISOString(), readAt, rows };
  await storeReading(service, { ...reading, balances });
  return inSnapshot(service, (query) =>
    judgeBalances(query, { venues: ['a'], startedAt: new Date(), known }),
  );
}

/** As the loop does: a doubt is read again, four seconds later. Returns the findings. */
async function finds(total: string): Promise<readonly string[]> {
  if ((await reads(total)).length > 0) {
    await owner.query(`UPDATE venue_balance SET doubted_at = doubted_at - interval '5 seconds'`);
    expect(await reads(total)).toEqual([]);
  }
  const rows = await owner.query<{ found: string }>(
    `SELECT kind || ' ' || target || ' ' || (evidence ->> 'currency') || ' ' || (evidence ->> 'total') AS found FROM finding ORDER BY id`,
  );
  return rows.map(({ found }) => found);
}

describe('the balance that a venue reports', () => {
  beforeEach(() => reads('1000'));

  it('is stored as the opening at the first reading, and stays without a finding', async () => {
    expect(await finds('1000')).toEqual([]);
    expect(
      await owner.query('SELECT opening::text, expected::text, risen::text FROM venue_balance'),
    ).toEqual([{ opening: '1000', expected: '1000', risen: '0' }]);
    expect(await owner.query('SELECT FROM venue_balance_reading')).toEqual([]);
  });

  it('is apart once if it falls without a payment, also if the record lists nothing', async () => {
    expect(await finds('999.99')).toEqual(['balance_apart a USDT 999.99']);
    expect(await finds('999.99')).toHaveLength(1);
    expect(await finds('900')).toHaveLength(2);
  });

  it('is not apart after a single deviating reading, nor after two in short succession', async () => {
    expect(await reads('0')).toEqual(['a']);
    expect(await reads('0')).toEqual(['a']);
    expect(await reads('1000')).toEqual([]);

    expect(await finds('1000')).toEqual([]);
  });

  it('waits until every fact of the time of the reading is stored', async () => {
    expect(await reads('10', null)).toEqual([]);
    expect(await reads('10', new Date(Date.now() - 1_000))).toEqual([]);
    expect(await owner.query('SELECT doubted_at FROM venue_balance')).toEqual([
      { doubted_at: null },
    ]);

    expect(await finds('1000')).toEqual([]);
  });

  it('falls by each settled payment and its fee once, to the last digit', async () => {
    await listed({ net: '10', fee: '2.5' });
    await minutesPass();

    expect(await finds('987.5')).toEqual([]);
    expect(await finds('987.5')).toEqual([]);
    expect(await finds('987.499')).toHaveLength(1);
  });

  it('may fall or stay while payments are not final for two minutes', async () => {
    await listed({ net: '10' });
    await listed({ net: '20', status: 'pending' });

    expect(await finds('1000')).toEqual([]);
    expect(await finds('968')).toEqual([]);
    expect(await finds('967.9')).toHaveLength(1);
  });

  it('falls once by a payment in the row of its order, and as before if the venue changes it', async () => {
    const of = await ordered('10');
    const id = await listed({ net: '10', fee: '2.5', of });
    expect(await owner.query('SELECT FROM venue_payment')).toEqual([]);
    expect(await finds('987.5')).toEqual([]);
    expect(await finds('1000')).toEqual([]);
    await minutesPass();
    expect(await finds('987.5')).toEqual([]);
    expect(await finds('987.499')).toHaveLength(1);

    await listed({ id, net: '10', fee: '2.5', status: 'failed', of });
    expect(await owner.query('SELECT status FROM venue_payment')).toEqual([{ status: 'failed' }]);
    await minutesPass();
    await released(of);
    await owner.query(`UPDATE audited_withdrawal SET ended_seen_at = now() - interval '1 minute'`);
    expect(await finds('987.499')).toHaveLength(1);
    expect(await finds('987.498')).toHaveLength(2);
  });

  it('may fall by the largest fee where the record names none', async () => {
    await listed({ net: '10', fee: null });

    expect(await finds(String(990 - FEE))).toEqual([]);
    await minutesPass();
    expect(await finds('989')).toEqual([]);
    expect(await finds('988')).toHaveLength(1);
  });

  it('may fall by open orders and their largest fee, and not by an order released before', async () => {
    const id = await ordered('10');
    expect(await finds(String(990 - FEE))).toEqual([]);
    expect(await finds('1000')).toEqual([]);

    await released(id);
    expect(await finds('995')).toEqual([]);
    await owner.query(`UPDATE audited_withdrawal SET ended_seen_at = now() - interval '1 minute'`);
    expect(await finds('995')).toHaveLength(1);
  });

  it('falls and rises with a payment that fails, without a finding', async () => {
    const id = await listed({ net: '10', status: 'pending' });
    expect(await finds('989')).toEqual([]);
    await listed({ id, net: '10', status: 'failed' });
    expect(await finds('989')).toEqual([]);
    expect(await finds('1000')).toEqual([]);
    await minutesPass();

    expect(await finds('1000')).toEqual([]);
    expect(await finds('989')).toHaveLength(1);
  });

  it('rises by the amount of a payment that fails after it was counted, and hides no theft meanwhile', async () => {
    const id = await listed({ net: '10' });
    await minutesPass();
    expect(await finds('989')).toEqual([]);
    await listed({ id, net: '10', status: 'failed' });
    expect(await finds('988')).toHaveLength(1);

    expect(await finds('999')).toHaveLength(1);
    await minutesPass();
    expect(await finds('999')).toHaveLength(1);
    expect(await finds('998')).toHaveLength(2);
  });

  it('counts a payment that failed first and is paid afterwards', async () => {
    const id = await listed({ net: '10', status: 'failed' });
    await minutesPass();
    expect(await finds('1000')).toEqual([]);
    await listed({ id, net: '10', status: 'settled' });
    await minutesPass();

    expect(await finds('989')).toEqual([]);
  });

  it('rises by a deposit, which is no finding and hides no later theft', async () => {
    expect(await finds('1500')).toEqual([]);
    expect(await owner.query('SELECT risen::text FROM venue_balance')).toEqual([{ risen: '500' }]);

    expect(await finds('1499')).toHaveLength(1);
  });

  it('rises by a deposit while payments are under way, without a later finding', async () => {
    const id = await listed({ net: '10', status: 'pending' });
    await ordered('30');
    expect(await finds('1489')).toEqual([]);
    await listed({ id, net: '10', status: 'settled' });
    await minutesPass();

    expect(await finds('1489')).toEqual([]);
    expect(await finds('1458')).toEqual([]);
  });

  it('may fall by the payments made before the opening, that were listed later', async () => {
    await listed({ net: '400' });
    await minutesPass();

    expect(await finds('1000')).toEqual([]);
    expect(await finds('999')).toHaveLength(1);
  });

  it('is not compared by a reading begun before the last compared one', async () => {
    await listed({ net: '10' });
    await minutesPass();
    expect(await finds('989')).toEqual([]);
    expect(await reads('1000', undefined, Date.now() - 60_000)).toEqual([]);

    expect(await finds('989')).toEqual([]);
  });

  it('is not apart while a payment without a readable amount is open', async () => {
    await owner.query(
      `INSERT INTO venue_payment (venue, venue_reference, form, currency, status, venue_status, created_at, last_seen_at)
       VALUES ('a', 'unreadable', 'chain', 'USDT', 'pending', 'x', now(), now())`,
    );

    expect(await finds('1')).toEqual([]);
  });

  it('is a finding if nothing was read for a minute, once', async () => {
    const since = new Date(Date.now() - 90_000);
    await owner.query(
      `UPDATE venue_reading SET balances_read_at = now() - interval '70 seconds', completed_at = now()`,
    );
    for (let time = 0; time < 2; time++)
      await inSnapshot(service, (query) =>
        judgeBalances(query, { venues: ['a'], startedAt: since, known: null }),
      );

    expect(await owner.query('SELECT kind, target FROM finding')).toEqual([
      { kind: 'venue_not_read', target: 'a' },
    ]);
  });
});
