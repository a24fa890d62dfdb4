import { setTimeout as sleep } from 'node:timers/promises';
import { testValues } from '@sluice/runtime';
import type { PermitStatement } from '@sluice/signing';
import { eventually } from '@sluice/test-kit';
import type { ServiceProcess } from '@sluice/test-servers';
import { AuditorRig } from '../testkit/auditor-rig.js';
import { BYBIT } from '../testkit/bybit.js';
import { GATEIO } from '../testkit/gateio.js';

const SLOW = 300_000;
const MINUTE = { withinMs: 60_000, everyMs: 250 };
const THIEF = '0x1111111111111111111111111111111111111111';
const VENUES = ['bitmart', 'bybit', 'gateio', 'upvest', 'wallet'];
/** Permits of 12 s are renewed every 2 s. */
const SHORT = testValues({ permitLifeMs: 12_000 });

let rig: AuditorRig;
let permits: PermitStatement[] = [];
let stop: () => Promise<void>;
let first: ServiceProcess;
beforeAll(async () => {
  rig = await AuditorRig.open([GATEIO, BYBIT]);
  first = await rig.start(SHORT);
  stop = await rig.permits((permit) => permits.push(permit));
}, SLOW);
afterAll(async () => {
  await stop?.();
  first?.signal('SIGKILL');
  await rig?.close();
});

/** The numbers of a venue's permits in order. A permit that arrives twice counts once. */
const numbersOf = (venue: string) => [
  ...new Set(permits.filter((one) => one.venue === venue).map(({ number }) => number)),
];
/** The different permits of a venue: the outbox delivers at least once. */
const differentPermitsOf = (venue: string) => [
  ...new Set(permits.filter((one) => one.venue === venue).map((one) => JSON.stringify(one))),
];
const newest = (venue: string) => permits.filter((one) => one.venue === venue).at(-1);
const grantedVenues = () => VENUES.filter((venue) => newest(venue)?.granted === true);
const isPermitted = (venue: string) => {
  const permit = newest(venue);
  return permit?.granted === true && permit.expiresAt.getTime() > Date.now();
};
const closeAll = async () => {
  const open = await rig.database.query<{ id: string }>(
    'SELECT id::text FROM finding WHERE closed_at IS NULL',
  );
  for (const { id } of open)
    for (const person of ['olivia', 'peter']) await rig.closeFinding(id, person);
};

describe('permits of the auditor', () => {
  it(
    'are issued for each venue after messages, readings and comparison are complete, and renewed with growing numbers',
    async () => {
      await eventually(() => expect(grantedVenues()).toEqual(VENUES), MINUTE);
      const first = newest('gateio');
      const [compared] = await rig.database.query<{ ok: boolean }>(
        `SELECT followed_through IS NOT NULL AND (SELECT count(*) FROM venue_reading) = 2 AS ok FROM audit_progress`,
      );
      expect(compared).toEqual({ ok: true });
      expect((first?.expiresAt.getTime() ?? 0) - (first?.issuedAt.getTime() ?? 0)).toBe(12_000);

      permits = [];
      await sleep(7_000);
      const numbers = numbersOf('gateio');
      expect(numbers.length).toBeGreaterThanOrEqual(2);
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
      expect(differentPermitsOf('gateio')).toHaveLength(numbers.length);
    },
    SLOW,
  );

  it(
    'of a venue are withdrawn by a theft, and restored by two people',
    async () => {
      const begun = Date.now();
      await rig.pay('gateio', { address: THIEF, net: '500' });
      await eventually(() => expect(newest('gateio')?.granted).toBe(false), MINUTE);
      const seconds = (Date.now() - begun) / 1_000;
      process.stderr.write(`theft of 500: withdrawn after ${seconds.toFixed(1)} s\n`);
      expect(isPermitted('bybit')).toBe(true);
      const [{ id } = { id: '' }] = await rig.database.query<{ id: string }>(
        'SELECT id::text FROM finding WHERE closed_at IS NULL',
      );
      expect(await rig.closeFinding(id, 'olivia')).toBe(202);
      await sleep(5_000);
      expect(newest('gateio')?.granted).toBe(false);

      expect(await rig.closeFinding(id, 'peter')).toBe(200);
      await eventually(() => expect(isPermitted('gateio')).toBe(true), MINUTE);
    },
    SLOW,
  );

  it(
    'withhold an account, and all venues after a head that went back',
    async () => {
      const account = await rig.fundedAccount('5');
      await rig.ordered(account, '6', THIEF, 'gateio');
      await eventually(
        () =>
          expect(newest('bybit')).toMatchObject({
            granted: true,
            withheld: { accounts: [account], assets: [] },
          }),
        MINUTE,
      );
      await rig.head(1, 'a'.repeat(64));
      await rig.head(1, 'b'.repeat(64));
      await eventually(() => expect(grantedVenues()).toEqual([]), MINUTE);

      await closeAll();
      await rig.database.query('UPDATE audited_account SET balance = 10 WHERE account_id = $1', [
        account,
      ]);
      await closeAll();
      await eventually(() => expect(grantedVenues()).toEqual(VENUES), MINUTE);
    },
    SLOW,
  );

  it(
    'end during an outage of the venue alone, and return without a person',
    async () => {
      await rig.book('gateio').arm('GET /wallet/withdrawals', 'refuse_with_5xx', { times: 1_000 });
      await eventually(() => expect(isPermitted('gateio')).toBe(false), {
        withinMs: 120_000,
        everyMs: 500,
      });
      expect(newest('gateio')?.granted).toBe(true);
      expect(isPermitted('bybit')).toBe(true);
      await rig.book('gateio').clearFaults();

      await eventually(() => expect(isPermitted('gateio')).toBe(true), MINUTE);
      await eventually(async () => {
        const kinds = await rig.database.query(
          `SELECT closed_by FROM finding WHERE kind = 'venue_not_read' AND closed_at IS NULL`,
        );
        expect(kinds).toEqual([]);
      }, MINUTE);
    },
    SLOW,
  );

  it(
    'continue while one of two instances ends or freezes, with one sequence of numbers',
    async () => {
      const frozen = await rig.start(SHORT);
      await rig.ready();
      permits = [];
      await sleep(5_000);
      frozen.signal('SIGSTOP');
      await sleep(30_000);
      for (const venue of ['gateio', 'wallet']) {
        expect(isPermitted(venue)).toBe(true);
        expect(differentPermitsOf(venue)).toHaveLength(numbersOf(venue).length);
      }
      frozen.signal('SIGCONT');
    },
    SLOW,
  );
});
