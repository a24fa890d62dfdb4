import { randomUUID } from 'node:crypto';
import { customerAccount } from '@sluice/ledger-core';
import {
  BTC,
  capture,
  entryOf,
  expire,
  fund,
  givenLedger,
  openAccount,
  place,
  placeUntil,
  release,
  reverse,
  transfer,
  valueOf,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { customerAt } from './balances-at.js';

const START = Date.now() - 86_400_000;
const hour = (n: number) => new Date(START + n * 3_600_000);

/** From the beginning on, entry by entry and hold by hold. */
const RECOUNT = `
  SELECT asset, trim_scale(sum(posted))::text AS posted, trim_scale(sum(held))::text AS held FROM (
    SELECT p.asset, p.amount AS posted, 0 AS held FROM journal_entry e JOIN posting p ON p.entry_id = e.id
     WHERE p.account = 'customer:' || $1 AND CASE $3 WHEN 'effective' THEN coalesce(e.effective_at, e.recorded_at) ELSE e.recorded_at END <= $2::timestamptz
    UNION ALL
    SELECT asset, 0, amount FROM hold
     WHERE account_id = $1::uuid AND state <> 'refused' AND decided_at <= $2::timestamptz AND coalesce(closed_at, 'infinity') > $2::timestamptz) AS parts
   GROUP BY asset ORDER BY asset`;

/** Lock and key that fit, without a secret of the ledger. */
const ANY_LOCK = `repeat('0', 16) || left(encode(sha256('\\xab'), 'hex'), 32), 'ab'`;

describe('the balances of a customer at a moment', () => {
  let ledger: TestLedger;
  beforeAll(async () => void (ledger = await givenLedger()));
  afterAll(() => ledger.close());

  const effectiveAt = (time: Date, body: ReturnType<typeof fund>) =>
    ({ ...body, data: { ...body.data, effectiveAt: time.toISOString() } }) as typeof body;

  it.each(['recorded', 'effective'] as const)(
    'agree with a recount from the beginning, by %s time',
    async (by) => {
      const accountId = await givenHistory();

      for (const moment of Array.from(
        { length: 22 },
        (_, n) => new Date(hour(n >> 1).getTime() - (n % 2)),
      )) {
        const time = moment.toISOString();
        const balances = valueOf(
          await ledger.queries.balancesAt(customerAccount(accountId), time, by),
        );
        const said = balances.map(({ asset, posted, held }) => ({ asset, posted, held }));
        expect({ time, said }).toEqual({
          time,
          said: await ledger.database.query(RECOUNT, [accountId, time, by]),
        });
      }
    },
  );

  it('and its holds in one state, are found by indexes that have nothing of other accounts but what is placed', async () => {
    const accounts = Array.from({ length: 20 }, () => randomUUID());
    await ledger.database.query(
      `INSERT INTO hold (withdrawal_id, account_id, asset, amount, state, decided_at, closed_at, captured, fee, venue, entry_id, policy_version, payout, end_lock, end_key)
       SELECT uuidv7(), ($1::uuid[])[n % 20 + 1], 'USDT.ETH', 1, 'captured', now(), now(), 1, 0, 'gateio', uuidv7(), 0, 1, ${ANY_LOCK} FROM generate_series(1, 20000) AS n`,
      [accounts],
    );
    await ledger.database.query('ANALYZE hold');
    const [large = ''] = accounts;
    const holdsIn = (state: string) =>
      `SELECT * FROM hold WHERE state = '${state}' AND account_id = $1 ORDER BY withdrawal_id DESC LIMIT 50`;
    const plan = async (sql: string, params: string[]) =>
      JSON.stringify(await ledger.database.query(`EXPLAIN (FORMAT JSON) ${sql}`, params));

    const plans = [
      ['hold_unpaid', await plan(holdsIn('released'), [large])],
      ['hold_unpaid', await plan(customerAt('recorded'), [large, hour(0).toISOString()])],
      ['hold_once_per_reference', await plan(holdsIn('captured'), [randomUUID()])],
    ] as const;

    for (const [index, text] of plans) {
      expect(text).toContain(index);
      expect(text).not.toMatch(/"Seq Scan"[^}]*"Relation Name":"hold"/);
    }
  });

  /** Money booked late, ahead of its effective time, and reversed; holds that ended in each way; an asset that came and went. */
  async function givenHistory(): Promise<string> {
    const accountId = randomUUID();
    const btc = fund(accountId, '5', 'comes and goes', BTC);
    const [, , came] = await ledger.runAt(
      hour(1),
      openAccount(accountId),
      fund(accountId, '100', 'first'),
      btc,
    );
    await ledger.runAt(
      hour(2),
      effectiveAt(hour(0), fund(accountId, '7', 'booked late')),
      effectiveAt(hour(8), fund(accountId, '3', 'booked ahead')),
    );
    const [paid, failed, stays, of] = [
      place(accountId, '60'),
      place(accountId, '10'),
      place(accountId, '4'),
      place(accountId, '5', undefined, BTC),
    ];
    const due = placeUntil(hour(4).toISOString(), accountId, '2');
    await ledger.runAt(hour(3), paid, failed, due, of, place(accountId, '1000'));
    await ledger.runAt(hour(4), stays, release(failed), expire(due));
    const [captured] = await ledger.runAt(hour(5), capture(paid, '50', '1'));
    await ledger.runAt(hour(6), reverse(accountId, entryOf(captured)), release(of));
    await ledger.runAt(
      hour(7),
      reverse(accountId, entryOf(came)),
      transfer(accountId, 'suspense', 'clearing:gateio', '1'),
    );
    return accountId;
  }
});
