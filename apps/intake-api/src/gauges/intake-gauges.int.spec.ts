import { testDatabase } from '@sluice/test-servers';
import { placeOrder } from '../testkit/given-saga.js';
import { anOrder } from '../testkit/a-withdrawal.js';
import { givenAccount, givenInstance } from '../testkit/given-intake.js';
import { INTAKE_GAUGES } from './intake-gauges.js';

it('the gauges count withdrawals by state, cases by kind, halts in force and keys that end soon', async () => {
  const intake = await givenInstance(await testDatabase('intake'));
  const { database, unitOfWork } = intake;
  const scrape = () => Promise.all(INTAKE_GAUGES.map(({ sql }) => database.query(sql)));
  const compared = [{ value: expect.any(Number) }];
  expect(await scrape()).toEqual([[], [], [], [], [{ value: 0 }], [], compared]);
  const { stored } = await placeOrder({ unitOfWork }, anOrder());
  await database.query(
    `INSERT INTO withdrawal_case (withdrawal_id, message_id, state, trigger) VALUES ($1, 'm', 'requested', 'settled')`,
    [stored.withdrawal.order.id],
  );
  await database.query(
    `INSERT INTO ledger_difference (withdrawal_id, kind, detail) VALUES ($1, 'capture_missing', 'd')`,
    [stored.withdrawal.order.id],
  );
  await database.query(
    `INSERT INTO halt (scope, target, reason, subject, details, opened_by)
     VALUES ('all', NULL, 'operator', 's', 'd', 'A'), ('account', 'a', 'new_recipients', 's', 'd', 'A')`,
  );
  await database.query(
    `UPDATE halt SET lifted_at = clock_timestamp(), lifted_by = 'B', lift_approved_by = 'C', lift_evidence = 'e' WHERE scope = 'account'`,
  );

  expect(await scrape()).toEqual([
    [{ state: 'requested', value: 1 }],
    [{ kind: 'settled', value: 1 }],
    [{ reason: 'operator', value: 1 }],
    [],
    [{ value: 0 }],
    [{ kind: 'capture_missing', value: 1 }],
    compared,
  ]);
  await database.query('INSERT INTO open_withdrawal SELECT id FROM withdrawal');
  await database.query(`UPDATE withdrawal SET updated_at = now() - interval '6 minutes'`);
  expect((await scrape())[3]).toEqual([{ machine: 'withdrawal', state: 'requested', value: 1 }]);
  await database.query(
    `INSERT INTO api_key (key_id, generation, account_id, label, sealed, permissions, rate_limit_per_min, allowed_ips, expires_at)
     SELECT 'ck_' || days, 1, $1, 'x', '{}', '{}', 1, '{}', now() + make_interval(days => days) FROM unnest('{-1,1,13,15}'::int[]) AS days`,
    [await givenAccount(database)],
  );
  expect((await scrape())[4]).toEqual([{ value: 2 }]);

  await intake.close();
});
