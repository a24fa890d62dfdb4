import { eventually } from '@sluice/testing';
import { Bench } from '../testing/bench.js';
import { orderTo } from '../testing/orders.js';
import type { TestConnector } from '../testing/start-connector.js';

let bench: Bench;
let connector: TestConnector;
let id: string;

/** Two settled withdrawals; then the workers stop, so that a planted fault stays as it is. */
beforeEach(async () => {
  await bench.clear();
  connector = await bench.connector();
  const [first, second] = [orderTo(bench.user, '5.00'), orderTo(bench.user, '6.00')];
  id = first.withdrawalId;
  await connector.submit([first, second]);
  const settled = () => connector.database.query(`SELECT FROM submission WHERE state = 'settled'`);
  await eventually(async () => expect(await settled()).toHaveLength(2));
  await connector.connector.stop();
});
beforeAll(async () => void (bench = await Bench.open()));
afterEach(() => connector.database.close());
afterAll(() => bench.close());

const PLANTED: [string, string][] = [
  ['S15-sent-as-asked', `UPDATE submission SET amount = 4 WHERE withdrawal_id = $1`],
  ['S15-sent-as-asked', `UPDATE submission SET destination = destination || '{"reference_account_id":"x"}' WHERE withdrawal_id = $1`],
  ['S15-sent-as-asked', `UPDATE submission SET destination = destination || '{"purpose_code":"SALA"}' WHERE withdrawal_id = $1`],
  ['S15-sent-as-asked', `UPDATE attempt SET request = replace(request, client_reference, 'another') WHERE withdrawal_id = $1`],
  ['S17-one-key-and-one-body', `UPDATE attempt SET evidence = '{}' WHERE withdrawal_id = $1`],
  ['S17-one-key-and-one-body', `UPDATE attempt a SET evidence = b.evidence FROM attempt b WHERE a.withdrawal_id = $1 AND b.withdrawal_id <> $1`],
  [
    'S17-one-key-and-one-body',
    `INSERT INTO attempt SELECT withdrawal_id, 2, 'not_sent', client_reference, request || ' ', gross, evidence, lease_token FROM attempt WHERE withdrawal_id = $1`,
  ],
  [
    'S16-nothing-overdue',
    `UPDATE submission SET state = 'repeating', lease_token = 1, next_action_at = now() - interval '6 minutes' WHERE withdrawal_id = $1`,
  ],
];

describe('the invariants', () => {
  it('hold for what the connector did, and looked at something', async () => {
    const report = await connector.connector.runtime.invariants.check();

    expect(report).toMatchObject({ checked: 10, violations: [], populations: { submissions: 2, settled: 2, attempts: 2, with_venue_reference: 2 } });
  });

  it.each(PLANTED)('%s sees a planted violation: %s', async (invariant, statement) => {
    await connector.database.query(statement, [id]);

    const { violations } = await connector.connector.runtime.invariants.check();

    expect(violations.map((violation) => violation.invariant.split(' ', 1)[0])).toContain(invariant);
  });
});
