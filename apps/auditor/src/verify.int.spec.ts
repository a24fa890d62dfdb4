import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@sluice/test-kit';
import { AuditorRig } from './testkit/auditor-rig.js';
import { GATEIO } from './testkit/gateio.js';

const SLOW = 240_000;
const MINUTE = { withinMs: 60_000, everyMs: 500 };
const THIEF = '0x1111111111111111111111111111111111111111';

let addresses = 0;
const anAddress = (): string => `0x${(++addresses).toString(16).padStart(40, '0')}`;

let rig: AuditorRig;
let since: Date;
beforeAll(async () => {
  since = new Date();
  rig = await AuditorRig.open([GATEIO]);
  await rig.start();
  await rig.ready();
}, SLOW);
afterAll(() => rig?.close());

describe('the verification of the audit', () => {
  it(
    'recomputes facts and findings from topics and venues, and finds each altered row',
    async () => {
      const account = await rig.fundedAccount('100000');
      // the venue lists times in whole seconds, and payments older than the facts are not compared
      await sleep(1_000);
      for (let number = 0; number < 10; number++) {
        const net = String(20 + number);
        const order = await rig.ordered(account, net, anAddress(), 'gateio');
        const { address, clientReference } = order;
        await rig.pay('gateio', { address, net, clientReference });
        await rig.ended(order, number === 0 ? 'released' : 'captured');
      }
      await rig.head(7, 'a'.repeat(64));
      await rig.pay('gateio', { address: THIEF, net: '500' });
      await eventually(
        async () =>
          expect((await rig.findings()).map(({ kind }) => kind).sort()).toEqual([
            'payment_without_order',
            'released_but_paid',
          ]),
        MINUTE,
      );
      // facts of the last two minutes are not compared
      await sleep(125_000);

      const equal = await rig.verify(since);
      process.stderr.write(equal.out);
      expect(equal.out).toContain('holds: 10 recomputed, 10 stored, 0 different');
      expect(equal.out).toContain('orders: 10 recomputed, 10 stored, 0 different');
      expect(equal.out).toContain('payments: 11 recomputed, 11 stored, 0 different');
      expect(equal.out).toContain('movements: 10 recomputed, 10 stored, 0 different');
      expect(equal.out).toContain('balances: 1 recomputed, 1 stored, 0 different');
      expect(equal.out).toContain('findings: 2 recomputed, 2 stored, 0 different');
      expect(equal.code).toBe(0);

      await rig.database.query(`DELETE FROM finding WHERE kind = 'payment_without_order'`);
      await rig.database.query(`UPDATE audited_account SET balance = balance + 1000000`);
      await rig.database.query(
        `UPDATE venue_payment SET destination = 'address:0x2:' WHERE destination LIKE '%${THIEF}%'`,
      );
      const different = await rig.verify(since);
      process.stderr.write(different.out);
      expect(different.out).toMatch(
        /payment_without_order gateio \S+: recomputed, and the auditor/,
      );
      expect(different.out).toContain(`${account} USDT.ETH: recomputed `);
      expect(different.out).toContain('payments: 11 recomputed, 11 stored, 1 different');
      expect(different.out).toContain('the audit is NOT proven');
      expect(different.code).toBe(1);
      expect(
        await rig.database.query(`SELECT FROM pg_database WHERE datname = 'audit_verify'`),
      ).toEqual([]);
    },
    SLOW,
  );
});
