import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { eventually } from '@sluice/testing';
import { chainOrder, pushOrder } from '../testing/orders.js';
import { startGateioSimulator, type RunningSimulator } from '../testing/start-simulator.js';
import { TestConnector } from '../testing/start-connector.js';

let simulator: RunningSimulator;
let postgres: TestPostgres;
let connector: TestConnector;
let id: string;

/** One settled chain withdrawal and one settled push; then the workers stop, so that a planted fault stays as it is. */
beforeEach(async () => {
  connector = await TestConnector.start(await postgres.createDatabase('connector_gateio'), simulator.control);
  const chain = chainOrder('5');
  id = chain.withdrawalId;
  await connector.submit([chain, pushOrder('6')]);
  const settled = () => connector.database.query(`SELECT FROM submission WHERE state = 'settled'`);
  await eventually(async () => expect(await settled()).toHaveLength(2));
  await connector.connector.stop();
});
beforeAll(async () => {
  postgres = await withTestPostgres();
  simulator = await startGateioSimulator();
  await simulator.control.settings({ rate_limits: { enabled: false }, status_ms: 20 });
});
afterEach(() => connector.database.close());
afterAll(async () => {
  await simulator.stop();
  await postgres.stop();
});

const PLANTED: [string, string[]][] = [
  ['S9-venue-reference-claimed-once', ['DROP INDEX submission_venue_reference', `UPDATE submission SET venue_reference = 'w1', form = 'chain'`]],
  ['S10-nothing-given-up-while-the-venue-may-pay', [`UPDATE submission SET state = 'refused' WHERE form = 'chain'`]],
  [
    'S11-one-live-attempt',
    [
      'DROP INDEX attempt_one_live',
      `INSERT INTO attempt SELECT withdrawal_id, 2, 'unknown', client_reference, request, gross, evidence, lease_token FROM attempt`,
    ],
  ],
  [
    'S11-one-undecided-twin',
    ['DROP INDEX submission_one_undecided_twin', `UPDATE submission SET state = 'unknown', form = 'push', twin_key = 'same', next_action_at = now()`],
  ],
  ['S12-client-reference-unique', [`UPDATE attempt SET client_reference = 'another' WHERE withdrawal_id = $1`]],
  ['S15-sent-as-asked', [`UPDATE submission SET destination = '{"type":"address","address":"0x1"}' WHERE withdrawal_id = $1`]],
  ['S15-sent-as-asked', [`UPDATE submission SET amount = 4 WHERE withdrawal_id = $1`]],
  ['S15-sent-as-asked', [`UPDATE submission SET destination = '{"type":"venue_account","kind":"uid","value":"2"}' WHERE form = 'push'`]],
  ['S16-nothing-overdue', [`UPDATE submission SET state = 'accepted', next_action_at = now() - interval '6 minutes' WHERE withdrawal_id = $1`]],
  ['S16-nothing-overdue', [`UPDATE submission SET state = 'unknown', next_action_at = NULL WHERE withdrawal_id = $1`]],
  ['S16-nothing-overdue', [`UPDATE submission SET state = 'disputed' WHERE withdrawal_id = $1`]],
  ['S18-nothing-begun-after-its-deadline', [`UPDATE submission SET not_after = now() - interval '1 hour' WHERE withdrawal_id = $1`]],
  ['S18-nothing-begun-after-its-deadline', [`UPDATE submission SET reason = 'expired' WHERE withdrawal_id = $1`]],
  ['M2-outbox-drained', [`INSERT INTO outbox (keys, messages, created_at) VALUES ('{x}', '[]', now() - interval '1 minute')`]],
];

describe('the invariants', () => {
  it('hold for what the connector did, and looked at something', async () => {
    const report = await connector.connector.runtime.invariants.check();

    expect(report).toMatchObject({ checked: 9, violations: [], populations: { submissions: 2, settled: 2, attempts: 2, with_venue_reference: 2 } });
  });

  it.each(PLANTED)('%s sees a planted violation', async (invariant, statements) => {
    for (const statement of statements) await connector.database.query(statement, statement.includes('$1') ? [id] : []);

    const { violations } = await connector.connector.runtime.invariants.check();

    expect(violations.map((violation) => violation.invariant.split(' ', 1)[0])).toContain(invariant);
  });
});
