import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@sluice/test-kit';
import { PAYMENTS } from './writes/audited-rows.js';
import { AuditorRig, type FoundRow } from './testkit/auditor-rig.js';
import { BYBIT } from './testkit/bybit.js';
import { GATEIO } from './testkit/gateio.js';

const SLOW = 240_000;
/** Longer than the limit of a finding, so that a late finding shows its seconds. */
const SOON = { withinMs: 100_000, everyMs: 500 };
const SHARED = '0x2222222222222222222222222222222222222222';
const THIEF = '0x1111111111111111111111111111111111111111';

/** An address of its own for each payment. */
let addresses = 0;
const anAddress = (): string => `0x${(++addresses).toString(16).padStart(40, '0')}`;

let rig: AuditorRig;
beforeAll(async () => {
  rig = await AuditorRig.open([GATEIO, BYBIT]);
  await rig.start();
  await rig.ready();
}, SLOW);
afterAll(() => rig?.close());

/** Waits for the finding and prints the seconds since the later fact. */
async function found(kind: string, fits: (row: FoundRow) => boolean): Promise<FoundRow> {
  let row: FoundRow | undefined;
  await eventually(async () => {
    row = (await rig.findings()).find((one) => one.kind === kind && fits(one));
    expect(row).toBeDefined();
  }, SOON);
  if (!row) throw new Error('not reached');
  process.stderr.write(`${kind}: found ${row.seconds.toFixed(1)} s after the later fact\n`);
  expect(row.seconds).toBeLessThan(60);
  return row;
}

/** Publishes a withdrawal with the given course, and pays as the connector would. */
async function flow(account: string, number: number): Promise<void> {
  const net = String(20 + (number % 5));
  const address = number % 4 === 0 ? SHARED : anAddress();
  const order = await rig.ordered(account, net, address, number % 3 === 0 ? 'bybit' : 'gateio');
  const { clientReference } = order;
  switch (number % 10) {
    case 1: // refused, and paid by the next venue
      await rig.moved(order, 'bybit');
      await rig.order(order, 'bybit');
      expect(await rig.pay('bybit', { address, net })).toBe(true);
      return rig.ended(order, 'captured');
    case 2: // cancelled, and never sent
      return rig.ended(order, 'released');
    case 7: // taken by Gate.io, and rejected later
      await rig
        .book('gateio')
        .settings({ scripts: { [address]: ['REQUEST', 'REVIEW', 'REJECT'] } });
      await rig.pay('gateio', { address, net, clientReference });
      await sleep(300);
      return rig.ended(order, 'released');
    default:
      if (number % 3 === 0) expect(await rig.pay('bybit', { address, net })).toBe(true);
      else expect(await rig.pay('gateio', { address, net, clientReference })).toBe(true);
      return rig.ended(order, 'captured');
  }
}

const about = (text: string) => (row: FoundRow) => row.subject.includes(text);

describe('the auditor', () => {
  it(
    'finds nothing in 300 withdrawals with refusals, fail-over, cancels and equal payments',
    async () => {
      const account = await rig.fundedAccount('100000');
      const before = await rig.cpuSeconds();
      for (let number = 0; number < 300; number += 10)
        await Promise.all(Array.from({ length: 10 }, (_, at) => flow(account, number + at)));
      const after = await rig.cpuSeconds();
      await sleep(60_000);
      const rested = await rig.cpuSeconds();
      process.stderr.write(
        `300 withdrawals: ${(after - before).toFixed(2)} s of CPU; the minute afterwards: ${(rested - after).toFixed(2)} s\n`,
      );

      const [counts] = await rig.database.query(
        `SELECT count(*)::int AS payments, count(withdrawal_id)::int AS assigned FROM ${PAYMENTS} p WHERE status <> 'failed'`,
      );
      expect(await rig.findingsWithOrders()).toEqual([]);
      expect(counts).toEqual({ payments: 240, assigned: 240 });
      expect(await rig.database.query('SELECT * FROM changed_groups')).toEqual([]);
    },
    SLOW,
  );

  it(
    'finds a payment with the connector’s key that has no order, at each venue',
    async () => {
      for (const venue of ['gateio', 'bybit'])
        expect(await rig.pay(venue, { address: THIEF, net: '500' })).toBe(true);

      await found('payment_without_order', ({ target }) => target === 'gateio');
      await found('payment_without_order', ({ target }) => target === 'bybit');
    },
    SLOW,
  );

  it('has keys that pay nothing', async () => {
    for (const venue of ['gateio', 'bybit'])
      expect(await rig.pay(venue, { address: THIEF, net: '500' }, 'read_only')).toBe(false);
  });

  it(
    'finds a second payment of an order, at its venue and at another',
    async () => {
      const account = await rig.fundedAccount('1000');
      const here = await rig.ordered(account, '10', anAddress(), 'gateio');
      const there = await rig.ordered(account, '11', anAddress(), 'gateio');
      for (const { address, amount: net, clientReference } of [here, here, there])
        await rig.pay('gateio', { address, net, clientReference });
      await rig.moved(there, 'bybit');
      await rig.order(there, 'bybit');
      await rig.pay('bybit', { address: there.address, net: there.amount });

      await found('paid_twice', ({ target }) => target === 'gateio');
      await found('paid_twice', about(there.id));
    },
    SLOW,
  );

  it(
    'finds a payment whose hold was given back',
    async () => {
      const order = await rig.ordered(await rig.fundedAccount('1000'), '12', anAddress(), 'gateio');
      const { address, amount: net, clientReference } = order;
      await rig.pay('gateio', { address, net, clientReference });
      await rig.ended(order, 'released');

      await found('released_but_paid', about(order.id));
    },
    SLOW,
  );

  it(
    'finds holds beyond the balance, although the ledger released the first one silently',
    async () => {
      const account = await rig.fundedAccount('1000');
      await rig.ordered(account, '900', anAddress(), 'gateio');
      await rig.ordered(account, '900', anAddress(), 'gateio');

      await found('hold_without_cover', about(account));
    },
    SLOW,
  );

  it(
    'finds a capture without a payment',
    async () => {
      const order = await rig.ordered(await rig.fundedAccount('1000'), '13', anAddress(), 'gateio');
      await rig.ended(order, 'captured');

      await found('captured_without_payment', about(order.id));
    },
    SLOW,
  );

  it(
    'is killed in the middle of a batch, and finds the same after a restart, nothing twice',
    async () => {
      const before = await rig.findings();
      await rig.kill();
      const killed = await rig.start({ FAULT_AT: 'auditor.before-commit:2' });
      const more = await rig.fundedAccount('100');
      for (let number = 0; number < 20; number++) {
        await rig.ordered(more, '10', anAddress(), 'gateio');
        await sleep(150);
      }
      await killed.ended;
      await rig.start();
      await rig.ready();

      await eventually(
        async () => expect((await rig.findings()).filter(about(more))).toHaveLength(1),
        SOON,
      );
      const after = await rig.findings();
      expect(after.slice(0, before.length)).toEqual(before);
      expect(new Set(after.map(({ kind, subject }) => kind + subject)).size).toBe(after.length);
      expect(
        await rig.database.query(
          `SELECT a.balance::text, (SELECT sum(h.amount)::text FROM audited_withdrawal h WHERE h.account_id = a.account_id AND h.state = 'placed') AS held
             FROM audited_account a WHERE a.account_id = $1`,
          [more],
        ),
      ).toEqual([{ balance: '100', held: '200' }]);
    },
    SLOW,
  );

  it(
    'finds another entry under a number of the ledger’s chain',
    async () => {
      await rig.head(7, 'a'.repeat(64));
      await rig.head(7, 'a'.repeat(64));
      await rig.head(7, 'b'.repeat(64));

      await found('head_went_back', about('b'.repeat(64)));
    },
    SLOW,
  );

  it(
    'takes no message without its own MAC for a fact, and stores a wrong one as a dead letter',
    async () => {
      const account = await rig.fundedAccount('1000');
      const [without, wrong] = [
        await rig.forgedHold(account, null),
        await rig.forgedHold(account, `test.${'A'.repeat(43)}`),
      ];
      const order = await rig.ordered(account, '14', anAddress(), 'gateio');

      await eventually(
        async () =>
          expect(
            await rig.database.query(
              'SELECT withdrawal_id FROM audited_withdrawal WHERE account_id = $1',
              [account],
            ),
          ).toEqual([{ withdrawal_id: order.id }]),
        SOON,
      );
      const letters = await rig.database.query<{ value: string }>('SELECT value FROM dead_letter');
      expect(letters.map(({ value }) => value).join()).toContain(wrong);
      expect(letters.map(({ value }) => value).join()).not.toContain(without);
    },
    SLOW,
  );

  it(
    'closes a finding for two people only',
    async () => {
      const [row] = await rig.database.query<{ id: string }>(
        `SELECT id::text FROM finding WHERE kind = 'payment_without_order' ORDER BY id LIMIT 1`,
      );
      const closed = () =>
        rig.database.query(`SELECT closed_by, close_approved_by FROM finding WHERE id = $1`, [
          row?.id,
        ]);

      expect(await rig.closeFinding(row?.id ?? '', 'olivia')).toBe(202);
      expect(await rig.closeFinding(row?.id ?? '', 'olivia')).toBe(409);
      expect(await closed()).toEqual([{ closed_by: null, close_approved_by: null }]);
      expect(await rig.closeFinding(row?.id ?? '', 'peter')).toBe(200);
      expect(await closed()).toEqual([{ closed_by: 'olivia', close_approved_by: 'peter' }]);
    },
    SLOW,
  );
});
