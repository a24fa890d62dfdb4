import { randomUUID } from 'node:crypto';
import { checkInvariants, type Database, type UnitOfWork } from '@sluice/postgres';
import { followedEvent as event } from '../testkit/facts-of-withdrawal.js';
import { givenAuditor } from '../testkit/given-auditor.js';
import { PAYMENTS } from '../writes/audited-rows.js';
import type { AuditedOrder } from '../writes/merge-facts.js';
import { storeFacts } from '../writes/store-facts.js';
import { ledgerFacts, type FollowedEvent } from '../writes/ledger-facts.js';
import { keepPayments } from '../venues/store-reading.js';
import { inSnapshot, runChecks } from './run-checks.js';

const INVARIANTS = new URL('../postgres/invariants/', import.meta.url);
const KEY = 'USDT 5 address:0x1:';
const ASSET = 'USDT.ETH';

let owner: Database;
let unitOfWork: UnitOfWork;
let service: Database;
/** True while an order is read together with its hold. */
let isTogether = true;
beforeEach(async () => {
  ({ owner, service, unitOfWork } = await givenAuditor());
  await owner.query(
    `UPDATE audit_progress SET started_at = now() - interval '1 hour', followed_through = now() + interval '1 hour'`,
  );
});
afterEach(() => Promise.all([owner.close(), service.close()]));

const store = (events: readonly FollowedEvent[], orders: readonly AuditedOrder[] = []) =>
  unitOfWork.run((tx) => storeFacts(tx, ledgerFacts(events), orders));
const tell = (...events: readonly FollowedEvent[]) => store(events);

interface Given {
  readonly venue?: string;
  readonly key?: string;
  readonly reference?: string;
}

/** A hold of 5 and its order. */
async function ordered({ venue = 'a', key = KEY, reference }: Given = {}): Promise<string> {
  const id = randomUUID();
  const of = { withdrawalId: id, accountId: randomUUID(), asset: ASSET, amount: '5' };
  const hold = event('ledger.hold-placed.v1', { ...of, venue });
  const order = orderOf(id, { venue, key, ...(reference !== undefined && { reference }) });
  if (isTogether) await store([hold], [order]);
  else {
    await store([hold]);
    await store([], [order]);
  }
  return id;
}

const orderOf = (id: string, { venue = 'a', key = KEY, reference }: Given): AuditedOrder => ({
  withdrawal_id: id,
  venue,
  asset: ASSET,
  amount: '5',
  destination: 'd',
  equality_key: key,
  client_reference: reference ?? null,
  ordered_at: new Date().toISOString(),
});
const orderedAt = (id: string, of: Given) => store([], [orderOf(id, of)]);

interface GivenPayment extends Given {
  readonly id?: string;
  readonly status?: string;
  readonly unlisted?: string;
  readonly createdAt?: Date;
  readonly net?: string;
  readonly fee?: string | null;
  readonly gross?: string;
  readonly destination?: string;
}

/** A record of the venue, read now. */
async function paid(of: GivenPayment = {}): Promise<string> {
  const id = of.id ?? randomUUID();
  const row = {
    venue: of.venue ?? 'a',
    venue_reference: id,
    form: 'chain',
    client_reference: of.reference ?? null,
    currency: 'USDT',
    network: null,
    net: of.net ?? '5',
    gross: of.gross ?? null,
    destination: of.destination ?? null,
    venue_fee: of.fee ?? null,
    equality_key: of.key ?? KEY,
    unlisted_key: of.unlisted ?? null,
    status: of.status ?? 'settled',
    venue_status: 'x',
    tx_hash: null,
    created_at: of.createdAt ?? new Date(),
  };
  await keepPayments(service, [row], new Date());
  return id;
}

const ended = (id: string, how: 'released' | 'captured') =>
  tell(
    event(how === 'released' ? 'ledger.hold-released.v1' : 'ledger.hold-captured.v1', {
      withdrawalId: id,
      accountId: randomUUID(),
      asset: ASSET,
      amount: '5',
      fee: '0',
      entryId: randomUUID(),
    }),
  );
const read = (ago: string) =>
  owner.query(
    `INSERT INTO venue_reading (venue, read_through, completed_at, deep_read_at, balances_read_at) VALUES ('a', now(), now() - $1::interval, now(), now())
     ON CONFLICT (venue) DO UPDATE SET completed_at = now() - $1::interval`,
    [ago],
  );
const moved = (id: string, venue: string) =>
  tell(event('ledger.hold-assigned.v1', { withdrawalId: id, venue }));

async function findings(
  venues: readonly string[] = [],
  mostGroups?: number,
): Promise<readonly string[]> {
  const startedAt = new Date(Date.now() - 3_600_000);
  await inSnapshot(service, (query) => runChecks(query, venues, startedAt, mostGroups));
  expect((await checkInvariants(owner, INVARIANTS)).violations).toEqual([]);
  const rows = await owner.query<{ kind: string }>('SELECT kind FROM finding ORDER BY id');
  return rows.map(({ kind }) => kind);
}

describe.each([
  ['in the row of the hold', true],
  ['in a row of its own', false],
])('with each order %s,', (_where, together) => {
  beforeAll(() => {
    isTogether = together;
  });

  describe('the comparison of payments with orders', () => {
    it('finds nothing while each payment has its order, however often it runs', async () => {
      for (let number = 0; number < 3; number++) await ended(await ordered(), 'captured');
      for (let number = 0; number < 3; number++) await paid();

      expect(await findings()).toEqual([]);
      expect(await findings()).toEqual([]);
    });

    it('finds a payment without order once, and a further payment beyond equal orders', async () => {
      await ordered();
      await paid();
      await paid();
      await paid({ key: 'USDT 5 address:0x2:' });

      expect([...(await findings())].sort()).toEqual(['paid_twice', 'payment_without_order']);
      expect(await findings()).toHaveLength(2);
    });

    it('finds the second payment of a reference, also with two orders of this reference', async () => {
      const of = { reference: 'r' };
      for (let number = 0; number < 2; number++) await ordered(of);
      for (let number = 0; number < 2; number++) await paid(of);

      expect(await findings()).toEqual(['paid_twice']);
      const assigned = await owner.query(
        `SELECT FROM ${PAYMENTS} p WHERE withdrawal_id IS NOT NULL AND status IS NOT NULL`,
      );
      expect(assigned).toHaveLength(1);
    });

    it('assigns a payment with the reference of one order when it is stored, and writes its row once', async () => {
      const id = await ordered({ reference: 'r1' });
      await paid({ reference: 'r1' });
      const assigned = () =>
        owner.query(
          `SELECT withdrawal_id, ctid::text FROM venue_payment WHERE withdrawal_id IS NOT NULL
          UNION ALL
         SELECT withdrawal_id, ctid::text FROM audited_withdrawal WHERE paid_reference IS NOT NULL`,
        );
      const before = await assigned();
      expect(before).toMatchObject([{ withdrawal_id: id }]);

      expect(await findings()).toEqual([]);
      expect(await assigned()).toEqual(before);
      await ended(id, 'released');
      expect(await findings()).toEqual(['released_but_paid']);
    });

    it.each([
      { status: 'failed', net: '5', fee: null },
      { status: 'settled', net: '6', fee: null },
      { status: 'settled', net: '5', fee: '1' },
    ])('stores a settled payment again that the venue changes later: %j', async (change) => {
      const id = await paid();
      await paid({ id, ...change });

      expect(await owner.query('SELECT status, net, venue_fee FROM venue_payment')).toEqual([
        { status: change.status, net: change.net, venue_fee: change.fee },
      ]);
    });

    it('leaves to the comparison a payment with several orders, a second payment, other values and a failed payment', async () => {
      for (let number = 0; number < 2; number++) await ordered({ reference: 'several' });
      await ordered({ reference: 'other', key: 'USDT 5 address:0x2:' });
      await ordered({ reference: 'failed', key: 'USDT 5 address:0x3:' });
      const twice = await ordered({ reference: 'twice', key: 'USDT 5 address:0x4:' });
      await paid({ reference: 'several' });
      await paid({ reference: 'other' });
      await paid({ reference: 'failed', key: 'USDT 5 address:0x3:', status: 'failed' });
      for (let number = 0; number < 2; number++)
        await paid({ reference: 'twice', key: 'USDT 5 address:0x4:' });
      await paid({ venue: 'b', reference: 'twice', key: 'USDT 5 address:0x4:' });

      expect(
        await owner.query(
          `SELECT withdrawal_id FROM ${PAYMENTS} p WHERE withdrawal_id IS NOT NULL AND status IS NOT NULL`,
        ),
      ).toEqual([{ withdrawal_id: twice }]);
      expect([...(await findings())].sort()).toEqual([
        'paid_otherwise',
        'paid_twice',
        'payment_without_order',
      ]);
    });

    it('judges no payment before the comparison of its group, if more groups wait', async () => {
      for (let number = 0; number < 5; number++) {
        const key = `USDT 5 address:0x${number}:`;
        await ordered({ key });
        await paid({ key });
      }
      await paid({ key: 'USDT 5 address:0x9:' });
      for (let part = 0; part < 2; part++) expect(await findings([], 2)).toEqual([]);

      expect(await findings([], 2)).toEqual(['payment_without_order']);
    });

    it('waits until every message from before the first sight of the payment is stored', async () => {
      await owner.query(`UPDATE audit_progress SET followed_through = now() - interval '1 minute'`);
      await paid();

      expect(await findings()).toEqual([]);
      await owner.query(`UPDATE audit_progress SET followed_through = now() + interval '1 minute'`);
      expect(await findings()).toEqual(['payment_without_order']);
    });

    it('finds a payment with the reference of an order that orders something else', async () => {
      await ordered({ reference: 'w1' });
      await paid({ reference: 'w1', key: 'USDT 6 address:0x1:' });

      expect(await findings()).toEqual(['paid_otherwise']);
      expect(await owner.query('SELECT scope, target FROM finding')).toEqual([
        { scope: 'asset', target: ASSET },
      ]);
    });

    it('stops the venue at the third payment that differs from its order', async () => {
      for (let number = 0; number < 3; number++) {
        await ordered({ reference: `w${number}` });
        await paid({ reference: `w${number}`, key: `USDT ${number} address:0x1:` });
      }
      await findings();

      expect(await owner.query('SELECT scope, target FROM finding ORDER BY id')).toEqual([
        { scope: 'asset', target: ASSET },
        { scope: 'asset', target: ASSET },
        { scope: 'venue', target: 'a' },
      ]);
    });

    it.each([
      ['raised', '4.5', '1.5', []],
      ['lowered', '5.4', '0.6', []],
      ['raised beyond a tenth of the amount', '4.4', '1.6', ['paid_otherwise']],
      ['not reported to have been changed', '4.5', '1', ['paid_otherwise']],
    ])(
      'takes a payment for the order of its reference after the fee was %s',
      async (_what, net, fee, kinds) => {
        const order = await ordered({ reference: 'w1' });
        const record = {
          reference: 'w1',
          key: `USDT ${net} d`,
          net,
          fee,
          gross: '6',
          destination: 'd',
        };
        const id = await paid({ ...record, status: 'pending' });

        expect(await findings()).toEqual(kinds);
        await paid({ ...record, id });
        await ended(order, 'captured');
        await owner.query(
          `UPDATE audited_withdrawal SET ended_seen_at = now() - interval '40 seconds'`,
        );
        await read('1 second');

        expect(await findings(['a'])).toEqual(kinds);
        expect(
          await owner.query(`SELECT withdrawal_id FROM ${PAYMENTS} p WHERE status IS NOT NULL`),
        ).toEqual([{ withdrawal_id: order }]);
      },
    );

    it('finds a payment with a foreign reference, although an order has its values', async () => {
      await ordered({ reference: 'w1' });
      await paid({ reference: 'w2' });

      expect(await findings()).toEqual(['payment_without_order']);
    });

    it('compares nothing from before the audit, and no failed payment', async () => {
      await paid({ createdAt: new Date(Date.now() - 7_200_000) });
      await paid({ status: 'failed' });

      expect(await findings()).toEqual([]);
    });

    it('compares by amount where the venue lists no recipient, unless an order has the address', async () => {
      await ordered({ key: 'USDT 5 ?' });
      await ordered();
      await paid({ unlisted: 'USDT 5 ?' });
      await paid({ key: 'USDT 5 address:0x2:', unlisted: 'USDT 5 ?' });
      expect(await findings()).toEqual([]);

      await paid({ key: 'USDT 5 address:0x3:', unlisted: 'USDT 5 ?' });
      expect(await findings()).toEqual(['paid_twice']);
    });

    it('compares a payment by amount only once every order is known: its own order may be read later', async () => {
      await ended(await ordered({ key: 'USDT 5 ?' }), 'released');
      await owner.query(`UPDATE audit_progress SET followed_through = now() - interval '1 minute'`);
      await paid({ unlisted: 'USDT 5 ?' });
      expect(await findings()).toEqual([]);

      await ended(await ordered(), 'captured');
      await read('0');
      await owner.query(`UPDATE audit_progress SET followed_through = now() + interval '1 minute'`);

      expect(await findings(['a'])).toEqual([]);
    });

    it('finds no capture without a payment while a payment of the amount waits for its order', async () => {
      await ended(await ordered({ key: 'USDT 5 ?' }), 'captured');
      await owner.query(
        `UPDATE audited_withdrawal SET ended_seen_at = now() - interval '40 seconds'`,
      );
      await owner.query(`UPDATE audit_progress SET followed_through = now() - interval '1 minute'`);
      await paid({ unlisted: 'USDT 5 ?' });
      await read('1 second');
      expect(await findings(['a'])).toEqual([]);

      await ended(await ordered(), 'captured');
      await owner.query(
        `UPDATE audited_withdrawal SET ended_seen_at = now() - interval '40 seconds'`,
      );
      await owner.query(`UPDATE audit_progress SET followed_through = now() + interval '1 minute'`);
      await read('1 second');

      expect(await findings(['a'])).toEqual(['captured_without_payment']);
    });
  });

  describe('the comparison over venues and ends of holds', () => {
    it('finds a payment at the first venue of an order that the second venue paid', async () => {
      const id = await ordered();
      await paid();
      await moved(id, 'b');
      await orderedAt(id, { venue: 'b' });
      await paid({ venue: 'b' });

      expect(await findings()).toEqual(['paid_twice']);
    });

    it('gives a payment to the equal order that stayed, not to the order that moved', async () => {
      const first = await ordered();
      await ordered();
      await moved(first, 'b');
      await orderedAt(first, { venue: 'b' });
      await paid();
      await paid({ venue: 'b' });

      expect(await findings()).toEqual([]);
    });

    it('gives a payment to the equal order that was not released', async () => {
      const first = await ordered();
      await paid();
      expect(await findings()).toEqual([]);
      await ordered();
      await ended(first, 'released');

      expect(await findings()).toEqual([]);
    });

    it('finds a paid order that was released, and none whose payment failed meanwhile', async () => {
      const [one, other] = [await ordered(), await ordered({ key: 'USDT 5 address:0x2:' })];
      await paid();
      const failing = { id: 'f', key: 'USDT 5 address:0x2:' };
      await paid({ ...failing, status: 'pending' });
      await ended(one, 'released');
      await ended(other, 'released');
      expect(await findings()).toEqual(['released_but_paid']);

      await paid({ ...failing, status: 'failed' });
      await owner.query(
        `UPDATE audited_withdrawal SET ended_seen_at = now() - interval '1 minute'`,
      );
      expect(await findings()).toEqual(['released_but_paid']);
    });

    it('finds a payment under way that the venue still reports after the release', async () => {
      const id = await ordered();
      await paid({ status: 'pending' });
      await ended(id, 'released');
      expect(await findings()).toEqual([]);

      await owner.query(
        `UPDATE audited_withdrawal SET ended_seen_at = now() - interval '1 minute'`,
      );
      expect(await findings()).toEqual(['released_but_paid']);
    });

    it('finds a capture without a payment, once the record was read later', async () => {
      await ended(await ordered(), 'captured');
      await read('1 second');
      expect(await findings(['a'])).toEqual([]);

      await owner.query(
        `UPDATE audited_withdrawal SET ended_seen_at = now() - interval '40 seconds'`,
      );
      await read('1 second');
      expect(await findings(['a'])).toEqual(['captured_without_payment']);
      expect(await findings([])).toHaveLength(1);
    });

    it('finds no capture without a payment of an order from before the first reading of the venue', async () => {
      await ended(await ordered(), 'captured');
      await owner.query(
        `INSERT INTO venue_reading (venue, read_through, completed_at, deep_read_at, balances_read_at, covered_from)
       VALUES ('a', now(), now(), now(), now(), date_trunc('milliseconds', clock_timestamp()))`,
      );
      const later = await ordered({ key: 'another' });
      await ended(later, 'captured');
      await owner.query(
        `UPDATE audited_withdrawal SET ended_seen_at = now() - interval '40 seconds'`,
      );

      expect(await findings(['a'])).toEqual(['captured_without_payment']);
      expect(await owner.query('SELECT subject FROM finding')).toEqual([{ subject: later }]);
    });

    it('waits two minutes longer for the wallet, whose nodes know of final blocks at different times', async () => {
      await ended(await ordered({ venue: 'wallet' }), 'captured');
      await owner.query(
        `UPDATE audited_withdrawal SET ended_seen_at = now() - interval '100 seconds'`,
      );
      await owner.query(
        `INSERT INTO venue_reading (venue, read_through, completed_at, deep_read_at, balances_read_at) VALUES ('wallet', now(), now(), now(), now())`,
      );

      expect(await findings(['wallet'])).toEqual([]);
      await owner.query(
        `UPDATE audited_withdrawal SET ended_seen_at = now() - interval '200 seconds'`,
      );
      expect(await findings(['wallet'])).toEqual(['captured_without_payment']);
    });

    it('finds a venue that was not read for a minute, once', async () => {
      expect(await findings(['a'])).toEqual(['venue_not_read']);
      expect(await findings(['a'])).toEqual(['venue_not_read']);
    });
  });
});

describe('the cover of holds', () => {
  const account = randomUUID();
  const of = { accountId: account, asset: ASSET };
  const opened = event('ledger.account-opened.v1', { accountId: account, name: 'x' });
  const hold = (amount: string) =>
    event('ledger.hold-placed.v1', { ...of, withdrawalId: randomUUID(), amount });
  const funded = (amount: string, entryId: string = randomUUID()) =>
    event('ledger.account-funded.v1', { ...of, amount, reference: 'x', entryId });

  it('is the balance by events: repeated messages change nothing', async () => {
    const batch = [opened, funded('10'), hold('6')];
    await tell(...batch);
    await tell(...batch);

    expect(await findings()).toEqual([]);
    expect(await owner.query('SELECT balance::text FROM audited_account')).toEqual([
      { balance: '10' },
    ]);
    expect(await owner.query('SELECT amount::text FROM audited_withdrawal')).toEqual([
      { amount: '6' },
    ]);
    await tell(hold('6'));
    expect(await findings()).toEqual(['hold_without_cover']);
    expect(await findings()).toHaveLength(1);
  });

  it('waits for the credit of a transfer that is read after the hold', async () => {
    await owner.query(`UPDATE audit_progress SET followed_through = now()`);
    await tell(opened, hold('6'));
    expect(await findings()).toEqual([]);

    await tell(
      event('ledger.funds-transferred.v1', {
        ...of,
        from: 'suspense',
        to: `customer:${account}`,
        amount: '6',
        entryId: 't',
      }),
    );
    await owner.query(`UPDATE audit_progress SET followed_through = now() + interval '1 hour'`);
    expect(await findings()).toEqual([]);
  });

  it('counts a reversal, also one that is read before its entry', async () => {
    const reversal = event('ledger.entry-reversed.v1', {
      accountId: account,
      reversedEntryId: 'e1',
      entryId: 'e2',
      reason: 'x',
    });
    await tell(opened, reversal);
    await tell(funded('10', 'e1'), hold('6'));

    expect(await findings()).toEqual(['hold_without_cover']);
  });

  it('judges no account that was opened before the audit', async () => {
    await tell(hold('6'));

    expect(await findings()).toEqual([]);
  });
});
