import { eventually } from '@sluice/test-kit';
import { anOrder } from '../../testkit/a-withdrawal.js';
import { givenAccount, type TestInstance } from '../../testkit/given-intake.js';
import { givenIntake, placeOrder } from '../../testkit/given-saga.js';
import { ShowWithdrawal } from '../listing/show-withdrawal.js';

describe('an unknown number after a restore', () => {
  let intake: TestInstance;
  let accountId: string;
  let number: string;
  let recovering = false;
  beforeAll(async () => {
    ({ intake, accountId } = await givenIntake());
    ({ number } = (await placeOrder(intake, anOrder({ accountId }))).stored);
  });
  afterAll(() => intake.close());

  const restored = (agoSql: string) =>
    intake.database.query(
      `INSERT INTO life (alive_at, began_at) VALUES (clock_timestamp(), clock_timestamp() - $1::interval)
       ON CONFLICT (only_row) DO UPDATE SET began_at = excluded.began_at`,
      [agoSql],
    );
  const show = (shown: string, by = accountId) =>
    new ShowWithdrawal(intake.service, { mayHaveLost: () => recovering }).run(shown, by);
  const unknown = () => String(BigInt(number) + 1n);
  const NOT_FOUND = { ok: false, refusal: { kind: 'withdrawal_not_found' } };

  it('is not found where the database was never restored, or long ago', async () => {
    expect(await show(unknown())).toEqual(NOT_FOUND);
    await restored('5 minutes');
    expect(await show(unknown())).toEqual(NOT_FOUND);
  });

  it('may be that of a lost withdrawal, unless it was never given or is another account’s', async () => {
    await restored('0');

    await expect(show(unknown())).rejects.toThrow('unavailable');
    expect(await show('17')).toEqual(NOT_FOUND);
    expect(await show(number, await givenAccount(intake.database))).toEqual(NOT_FOUND);
    expect(await show(number)).toMatchObject({ ok: true });
  });

  it('is found if the lost withdrawal is put on record during the query', async () => {
    await restored('0');
    const late = String(BigInt(number) + 2n);
    const shown = await intake.database.withClient(async (client) => {
      // the lock lets the first query read the old rows, and holds the query of the restore back
      await client.query('BEGIN; SET LOCAL session_replication_role = replica; LOCK TABLE life');
      await client.query('UPDATE withdrawal SET number = $1 WHERE number = $2', [late, number]);
      const answer = show(late);
      await eventually(async () => {
        const { rows } = await client.query(
          `SELECT FROM pg_locks WHERE relation = 'life'::regclass AND NOT granted`,
        );
        if (rows.length === 0) throw new Error('the query does not wait yet');
      });
      await client.query('COMMIT');
      return answer;
    });

    expect(shown).toMatchObject({ ok: true });
    number = late;
  });

  it('may be that of a lost withdrawal while the lost withdrawals are put on record', async () => {
    await restored('5 minutes');
    recovering = true;

    await expect(show('17')).rejects.toThrow('unavailable');
    expect(await show(number)).toMatchObject({ ok: true });
  });
});
