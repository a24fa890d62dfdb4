import { eventually } from '@sluice/test-kit';
import { AuditorRig, type FoundRow } from './testkit/auditor-rig.js';
import { keyOf, payAtBybit, payAtGateio } from './testkit/venue-thief.js';

const SLOW = 240_000;
const MINUTE = { withinMs: 60_000, everyMs: 500 };
const THIEF = '0x1111111111111111111111111111111111111111';

/** An address of its own for each payment. */
let addresses = 0;
const anAddress = (): string => `0x${(++addresses).toString(16).padStart(40, 'a')}`;

let rig: AuditorRig;
beforeAll(async () => {
  rig = await AuditorRig.open();
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
  }, MINUTE);
  if (!row) throw new Error('not reached');
  process.stdout.write(`${kind}: found ${row.seconds.toFixed(1)} s after the later fact\n`);
  expect(row.seconds).toBeLessThan(60);
  return row;
}

const about = (text: string) => (row: FoundRow) => row.subject.includes(text);

describe('the auditor', () => {
  it(
    'finds a payment with the connector’s key that has no order, at each venue',
    async () => {
      expect(await payAtGateio(rig.gateio, { address: THIEF, net: '500' })).toBe(200);
      expect(await payAtBybit(rig.bybit, { address: THIEF, net: '500' })).toBe(0);

      await found('payment_without_order', ({ target }) => target === 'gateio');
      await found('payment_without_order', ({ target }) => target === 'bybit');
    },
    SLOW,
  );

  it('has keys that pay nothing', async () => {
    const order = { address: THIEF, net: '500' };

    expect(await payAtGateio(rig.gateio, order, await keyOf(rig.gateio, 'read_only'))).toBe(403);
    expect(await payAtBybit(rig.bybit, order, await keyOf(rig.bybit, 'read_only'))).toBe(10005);
  });

  it(
    'finds a second payment of an order, at its venue and at another',
    async () => {
      const account = await rig.fundedAccount('1000');
      const here = await rig.ordered(account, '10', anAddress());
      const there = await rig.ordered(account, '11', anAddress());
      for (const { address, amount: net, clientReference } of [here, here, there])
        await payAtGateio(rig.gateio, { address, net, clientReference });
      await rig.moved(there, 'bybit');
      await rig.order(there, 'bybit');
      await payAtBybit(rig.bybit, { address: there.address, net: there.amount });

      await found('paid_twice', ({ target }) => target === 'gateio');
      await found('paid_twice', about(there.id));
    },
    SLOW,
  );

  it(
    'finds a payment whose hold was given back',
    async () => {
      const order = await rig.ordered(await rig.fundedAccount('1000'), '12', anAddress());
      const { address, amount: net, clientReference } = order;
      await payAtGateio(rig.gateio, { address, net, clientReference });
      await rig.ended(order, 'released');

      await found('released_but_paid', about(order.id));
    },
    SLOW,
  );

  it(
    'finds holds beyond the balance, although the ledger released the first one silently',
    async () => {
      const account = await rig.fundedAccount('1000');
      await rig.ordered(account, '900', anAddress());
      await rig.ordered(account, '900', anAddress());

      await found('hold_without_cover', about(account));
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
