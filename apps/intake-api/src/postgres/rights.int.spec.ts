import { changingIndexedColumns, describeLogin } from '@sluice/postgres/testing';
import { isTerminal, PUBLIC_VIEW, type State } from '@sluice/withdrawal-core';
import { INTAKE_SCHEMA } from './schema.js';

const INSERT = (id: string, state: State) =>
  `INSERT INTO withdrawal (id, account_id, key_id, currency, network, decimals, destination, amount, fee, venue, pinned, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, state, sequence, requested_at, updated_at)
   VALUES ('${id}', gen_random_uuid(), 'ck_1', 'USDT', 'ETH', 6, '{}', 5, 1, 'gateio', false, 'd', 's', 'v', '', false, '[1, "requested", "requested"]', '${state}', 2, now(), now())`;
const STATES = Object.keys(PUBLIC_VIEW) as State[];

describeLogin('intake-api', INTAKE_SCHEMA, (run, runAsSuperuser) => {
  it('may neither rewrite what has happened nor forget what was used', async () => {
    for (const sql of [
      `UPDATE withdrawal SET first_step = '[]'`,
      'DELETE FROM withdrawal',
      'DELETE FROM withdrawal_case',
      'DELETE FROM used_signature',
      'UPDATE withdrawal SET amount = 1',
      `UPDATE withdrawal SET destination = '{}'`,
      'UPDATE withdrawal SET fee = 0',
      'UPDATE currency SET withdrawal_fee_flat = 0',
      'UPDATE network SET active = false',
      ...['network_terms', 'currency_terms', 'account_terms'].flatMap((table) => [
        `UPDATE ${table} SET effective_at = now()`,
        `DELETE FROM ${table}`,
      ]),
    ])
      await expect(run(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('records terms for what is to come only, whatever it says about when it recorded them', async () => {
    const record = (effective: string) =>
      run(
        `INSERT INTO network_terms (network, version, effective_at, recorded_at, requested_by, approved_by, active)
         VALUES ('ETH', 1, ${effective}, '2020-01-01', 'ada', 'peter', true)`,
      );
    await expect(record(`now() - interval '1 millisecond'`)).rejects.toThrow('never_in_the_past');
    await record(`now() + interval '1 hour'`);
    await expect(runAsSuperuser('UPDATE network_terms SET active = false')).rejects.toThrow(
      'UPDATE of network_terms is not allowed: the history of terms only grows',
    );
  });

  it('forgets a signature only when it is refused for its age anyway', async () => {
    const minutes = (ago: number) =>
      `floor(extract(epoch FROM clock_timestamp()) / 60)::int - ${ago}`;
    await run(
      `INSERT INTO used_signature VALUES (${minutes(9)}, 'young'), (${minutes(12)}, 'old')`,
    );

    await run('SELECT forget_signatures(0)');

    expect(
      await run(`SELECT convert_from(signature, 'UTF8') AS signature FROM used_signature`),
    ).toEqual([{ signature: 'young' }]);
  });

  it('releases a signature only with the secret of its instance', async () => {
    const signatures = async () => (await run('SELECT signature FROM used_signature')).length;
    const release = (secret: string) =>
      run(`SELECT release_signatures(ARRAY[9], ARRAY['\\x01'::bytea], ARRAY[${secret}])`);
    const before = await signatures();
    await run(`INSERT INTO used_signature VALUES (9, '\\x01', sha256('secret'))`);

    for (const guess of [`'other'::bytea`, `sha256('secret')`, 'NULL::bytea']) await release(guess);
    expect(await signatures()).toBe(before + 1);
    await release(`'secret'::bytea`);
    expect(await signatures()).toBe(before);
  });

  it('only adds to the history of a withdrawal', async () => {
    const id = crypto.randomUUID();
    const change = (steps: string) =>
      run(`UPDATE withdrawal SET steps = ${steps} WHERE id = '${id}'`);
    await run(INSERT(id, 'submitting'));
    await change(`steps || '[[2, "hold_placed", "submitting", null, null, 1]]'`);
    await change(`steps || '[[3, "accepted", "submitted", "a", null, 2]]'`);

    for (const steps of [
      `'[]'`,
      'steps - 0',
      'steps - 1',
      `jsonb_set(steps, '{0,3}', '"other"')`,
      `jsonb_set(steps, '{1,5}', '25')`,
      `jsonb_insert(steps, '{1}', '[3]')`,
      `'[[2, "hold_placed", "submitting", null, null, 1, 1], [3, "accepted", "submitted", "a", null, 2]]'`,
    ])
      await expect(change(steps)).rejects.toMatchObject({ code: '42501' });
    await change('steps');
  });

  it('never leads a withdrawal out of a final state', async () => {
    for (const state of STATES.filter(isTerminal)) {
      await run(INSERT(crypto.randomUUID(), state));
      const other = STATES.find((one) => !isTerminal(one));
      await expect(
        run(`UPDATE withdrawal SET state = '${other}' WHERE state = '${state}'`),
      ).rejects.toThrow(`a row of withdrawal does not go from ${state} to ${other}`);
      await run(`UPDATE withdrawal SET tx_hash = 'late' WHERE state = '${state}'`);
    }
  });

  it('changes columns of an index only in rows that seldom change', async () => {
    expect(await changingIndexedColumns(run)).toEqual([
      'account.ledger_opened_at',
      'approval.approved_at',
      'approval.voided_at',
      'halt.lifted_at',
      'ledger_difference.found_at',
      'ledger_difference.resolved_at',
      'lost_withdrawal.resolved_at',
      'open_withdrawal.look_at', // a short row of a withdrawal that waits, once in 20 to 120 s
      'venue_payment.closed_at',
      'venue_payment.payment_key',
      'withdrawal.client_reference', // only of a refused request
    ]);
  });
});
