import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@sluice/test-kit';
import { AuditorRig, type FoundRow } from './testkit/auditor-rig.js';
import { BITMART } from './testkit/bitmart.js';
import { BYBIT } from './testkit/bybit.js';
import { GATEIO } from './testkit/gateio.js';

const SLOW = 240_000;
const MINUTE = { withinMs: 60_000, everyMs: 250 };
const HIDDEN = { listing_delay_ms: 86_400_000 };
const THIEF = '0x1111111111111111111111111111111111111111';
const VENUES = ['gateio', 'bybit', 'bitmart'];

let addresses = 0;
const anAddress = (): string => `0x${(++addresses).toString(16).padStart(40, '0')}`;

let rig: AuditorRig;
beforeAll(async () => {
  rig = await AuditorRig.open([GATEIO, BYBIT, BITMART]);
  for (const venue of VENUES) await rig.book(venue).settings({ balances: { USDT: '100000' } });
  await rig.start();
  await rig.ready();
  await eventually(
    async () =>
      expect(
        await rig.database.query(
          `SELECT venue, opening::text FROM venue_balance WHERE currency = 'USDT' ORDER BY venue`,
        ),
      ).toEqual([...VENUES].sort().map((venue) => ({ venue, opening: '100000' }))),
    MINUTE,
  );
}, SLOW);
afterAll(() => rig?.close());

/** Waits for the finding, and returns it with the seconds since the attack. */
async function found(venue: string, sinceMs: number): Promise<FoundRow> {
  let row: FoundRow | undefined;
  await eventually(async () => {
    row = (await rig.findings()).find(
      ({ kind, target }) => kind === 'balance_apart' && target === venue,
    );
    expect(row).toBeDefined();
  }, MINUTE);
  if (!row) throw new Error('not reached');
  const seconds = (Date.now() - sinceMs) / 1_000;
  process.stderr.write(
    `balance_apart at ${venue}: found ${seconds.toFixed(1)} s after the theft, ${row.seconds.toFixed(1)} s after the last equal reading\n`,
  );
  expect(seconds).toBeLessThan(60);
  return row;
}

describe('the auditor’s comparison of balances', () => {
  it(
    'finds nothing in payments, failures, orders under way, deposits and a restart',
    async () => {
      const account = await rig.fundedAccount('100000');
      for (let number = 0; number < 40; number++) {
        const venue = number % 2 === 0 ? 'gateio' : 'bybit';
        const [net, address] = [String(20 + number), anAddress()];
        const order = await rig.ordered(account, net, address, venue);
        const { clientReference } = order;
        if (number % 8 === 0)
          await rig
            .book(venue)
            .settings({ scripts: { [address]: ['REQUEST', 'REVIEW', 'REJECT'] } });
        await rig.pay(venue, { address, net, clientReference });
        if (number % 8 === 0) await sleep(300);
        await rig.ended(order, number % 8 === 0 ? 'released' : 'captured');
        if (number === 20) {
          await rig.kill();
          await rig.start();
        }
        if (number === 30) await rig.book('bitmart').settings({ balances: { USDT: '150000' } });
        await sleep(500);
      }
      await sleep(45_000);

      expect(await rig.findings()).toEqual([]);
      expect(
        await rig.database.query(
          `SELECT risen::text FROM venue_balance WHERE venue = 'bitmart' AND currency = 'USDT'`,
        ),
      ).toEqual([{ risen: '50000' }]);
    },
    SLOW,
  );

  it(
    'finds thefts with the connectors’ keys that the venues hide from their records',
    async () => {
      for (const venue of ['gateio', 'bybit']) {
        await rig.book(venue).settings(HIDDEN);
        expect(await rig.pay(venue, { address: THIEF, net: '5000' })).toBe(true);
      }
      const sinceMs = Date.now();
      await rig.book('bitmart').settings({ balances: { USDT: '149000' } });

      for (const venue of VENUES) await found(venue, sinceMs);
      expect((await rig.findings()).map(({ kind }) => kind)).toEqual(
        VENUES.map(() => 'balance_apart'),
      );
      for (const venue of ['gateio', 'bybit'])
        expect(
          (await rig.book(venue).payments()).filter(({ destination }) => destination === THIEF),
        ).toHaveLength(1);
    },
    SLOW,
  );
});
