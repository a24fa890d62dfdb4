import { eventually } from '@sluice/test-kit';
import { Client } from 'pg';
import { numberOf, toAddress } from '../testkit/customer.js';
import { AttackedSystem } from './testkit/attacked-system.js';

const CHECK = 'heartbeat';

describe('an attack on the checks of a connector with its own database login', () => {
  let target: AttackedSystem;
  beforeAll(async () => void (target = await AttackedSystem.start()));
  afterAll(() => target.stop());

  const conditions = async () =>
    (await target.sluice.admin.auditor.findings()).filter(({ kind }) => kind === 'check_missed');

  it('stops a check with a lock on its row: the auditor opens a condition for the venue, which ends with the lock', async () => {
    await target.customer.isFinal(numberOf(await target.customer.post(toAddress())), 60_000);
    await new Promise((resolve) => setTimeout(resolve, 75_000)); // a minute without a gap, from the start
    expect(await conditions()).toEqual([]);

    const client = new Client({
      connectionString: target.sluice.system.run.databases['connector-gateio'],
    });
    await client.connect();
    await client.query('SET idle_in_transaction_session_timeout = 0');
    await client.query('BEGIN');
    await client.query(`SELECT FROM ${CHECK} FOR UPDATE`);
    const sinceMs = Date.now();
    await eventually(
      async () =>
        expect(await conditions()).toContainEqual(
          expect.objectContaining({
            scope: 'venue',
            target: 'gateio',
            subject: expect.stringContaining(`connector-gateio ${CHECK} missed at`) as string,
            closed_at: null,
          }),
        ),
      { withinMs: 120_000, everyMs: 500 },
    );
    const [found] = await conditions();
    const seconds = (Date.now() - sinceMs) / 1000;
    const delay = (Date.parse(found?.opened_at ?? '') - Date.parse(found?.fact_at ?? '')) / 1000;
    process.stderr.write(
      `a check stopped by a lock: condition after ${seconds.toFixed(1)} s, ${delay.toFixed(1)} s after the third missed interval; moved by the attack: 0\n`,
    );
    expect(delay).toBeLessThan(60);

    await client.query('ROLLBACK');
    await client.end();
    await eventually(
      async () =>
        expect((await conditions()).filter(({ closed_at: at }) => at === null)).toEqual([]),
      { withinMs: 60_000, everyMs: 500 },
    );
  });
});
