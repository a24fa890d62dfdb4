import { changingIndexedColumns, describeLogin } from '@sluice/postgres/testing';
import { AN_ATTEMPT, assigned, WITHOUT_ATTEMPT } from '../testkit/given-tables.js';
import { CONNECTOR_SCHEMA } from './schema.js';

const INTENT = [
  'request',
  'request_seal',
  'attempt_gross',
  'attempt_reference',
  'attempt_token',
  'attempt_venue_time',
  'evidence',
  'intended_at',
  'halt_seen',
  'put_back_at',
]; /** Statements that would store or change a former attempt without its trigger. */
const FORGERIES = [
  'UPDATE former_attempt SET request = request',
  'DELETE FROM former_attempt',
  'INSERT INTO former_attempt SELECT * FROM attempt',
  `CREATE TEMP TABLE copy (LIKE submission);
   CREATE TRIGGER kept AFTER UPDATE ON copy FOR EACH ROW EXECUTE FUNCTION keep_former_attempt()`,
];

describeLogin('a connector', CONNECTOR_SCHEMA, (run) => {
  it('never sends again what was accepted, refused or settled, and rewrites no attempt', async () => {
    for (const [state, reference] of [
      ['accepted', `'v1'`],
      ['refused', 'NULL'],
      ['settled', `'v2'`],
      ['failed', `'v3'`],
    ])
      await run(
        `INSERT INTO submission (withdrawal_id, account_id, form, asset, amount, destination, client_reference, state, venue_reference, digest, fee, key_id, order_mac, timed_receipt, unsent_seal)
         VALUES (gen_random_uuid(), gen_random_uuid(), 'pay', 'USDT.ETH', 5, '{}', 'c ${state}', '${state}', ${reference}, '', 0, '', '', '', '')`,
      );
    const change = (assignments: string) =>
      run(`UPDATE submission SET ${assignments} WHERE state = 'failed'`);
    await change(assigned(AN_ATTEMPT));
    await expect(change(WITHOUT_ATTEMPT)).rejects.toThrow(/duplicate key/);
    await change(`attempt_state = 'failed'`);

    for (const state of ['accepted', 'refused', 'settled', 'failed'])
      await expect(
        run(`UPDATE submission SET state = 'prepared' WHERE state = '${state}'`),
      ).rejects.toThrow(`a row of submission does not go from ${state} to prepared`);
    await expect(change(`attempt_state = 'not_sent'`)).rejects.toThrow(
      'an attempt does not go from failed to not_sent',
    );
    for (const column of INTENT)
      await expect(change(`${column} = ${column}`)).rejects.toMatchObject({ code: '42501' });
    for (const again of ['serial_number = 2', 'begun = 1', 'begun = 2'])
      await expect(change(again)).rejects.toThrow(/duplicate key/);
    for (const part of ['begun = NULL', 'serial_number = NULL'])
      await expect(change(part)).rejects.toThrow(/submission_attempt/);
    await expect(change(`begun = 2, serial_number = 2`)).rejects.toThrow(/former_attempt_state/);
    for (const statement of FORGERIES)
      await expect(run(statement)).rejects.toMatchObject({ code: '42501' });
    for (const column of ['amount', 'asset', 'destination', 'account_id', 'client_reference'])
      await expect(run(`UPDATE submission SET ${column} = ${column}`)).rejects.toMatchObject({
        code: '42501',
      });
  });

  it('changes few columns of an index of submission: an update of one writes to each index', async () => {
    const changing = await changingIndexedColumns(run);

    expect(changing.filter((column) => column.startsWith('submission.'))).toEqual([
      'submission.cancel_state',
      'submission.finished_at', // BRIN: no new entry
      'submission.intended_at', // BRIN: no new entry
      'submission.lookup_first',
      'submission.next_action_at',
      'submission.not_after',
      'submission.ordered_at', // only by a hand-over
      'submission.serial_number',
      'submission.state',
      'submission.venue_reference',
      'submission.withdrawal_id', // only by a hand-over
    ]);
  });
});
