import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { eventually, type ContractOrder, type SimulatedPayment } from '@sluice/testing';
import { chainOrder, uidOrder } from './testing/orders.js';
import { startBybitSimulator, type RunningSimulator } from './testing/start-simulator.js';
import { TestConnector } from './testing/start-connector.js';
import { createOutside } from './testing/create-outside.js';

const CREATE = 'POST /v5/asset/withdraw/create';

let simulator: RunningSimulator;
let postgres: TestPostgres;
let connector: TestConnector;

beforeAll(async () => {
  postgres = await withTestPostgres();
  simulator = await startBybitSimulator();
});
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.settings({ rate_limits: { enabled: false }, status_ms: 40, hang_ms: 900 });
  connector = await TestConnector.start(await postgres.createDatabase('connector_bybit'), simulator.control);
});
afterEach(() => connector.stop());
afterAll(async () => {
  await simulator.stop();
  await postgres.stop();
});

const payments = async (amount: string): Promise<SimulatedPayment[]> =>
  (await simulator.control.payments()).filter((payment) => payment.net_amount === amount);
const types = (one: ContractOrder): string[] => connector.events(one.withdrawalId).map(({ type }) => type.replace(/^venue\.|\.v1$/g, ''));
const happens = (one: ContractOrder, type: string): Promise<void> => eventually(() => expect(types(one)).toContain(type), { withinMs: 15_000 });
const reaches = (one: ContractOrder, state: string): Promise<void> =>
  eventually(async () => expect((await connector.submission(one.withdrawalId))?.state).toBe(state), { withinMs: 15_000 });

/** What a process leaves that was killed before it stored the outcome: the intent, its lease over. */
async function givenSenderDied(one: ContractOrder): Promise<void> {
  await connector.database.query(
    `UPDATE submission SET lease_owner = 'dead', lease_token = nextval('lease_token'), lease_until = clock_timestamp() - interval '1 second'
      WHERE withdrawal_id = $1 AND state = 'sending'`,
    [one.withdrawalId],
  );
}

describe.each([
  ['chain', chainOrder],
  ['uid', uidOrder],
])('an intent without an outcome (%s)', (_form, orderOf) => {
  it('that was paid: found by its fields, settled, never sent again', async () => {
    await simulator.control.arm(CREATE, 'accept_then_hang');
    const one = orderOf('101');
    await connector.submit([one]);
    await reaches(one, 'sending');
    await givenSenderDied(one);

    await happens(one, 'withdrawal-settled');

    expect(await payments('101')).toHaveLength(1);
    expect((await connector.submission(one.withdrawalId))?.attempts).toHaveLength(1);
    expect(await connector.violations()).toEqual([]);
  });

  it('that was not: a person is asked, who may name a record or say that there is none', async () => {
    await simulator.control.arm(CREATE, 'refuse_with_5xx');
    const one = orderOf('102');
    await connector.submit([one]);

    await reaches(one, 'undecided');

    await connector.decide(one.withdrawalId, { decision: 'absent', evidence: 'not in the records of the website', venueReference: null });
    expect(types(one).at(-1)).toBe('submission-refused');
    expect(await payments('102')).toEqual([]);
  });
});

it('a payment of somebody else with other fields is not adopted: amount, coin and chain, recipient and time all count', async () => {
  const [paid, lost] = [chainOrder('103'), chainOrder('103.5')];
  await connector.submit([paid]);
  await happens(paid, 'withdrawal-settled');
  await simulator.control.arm(CREATE, 'refuse_with_5xx');

  await connector.submit([lost]);

  await reaches(lost, 'undecided');
  expect(await payments('103.5')).toEqual([]);
});

it('two records that fit are nobody: a person decides', async () => {
  await simulator.control.settings({ listing_delay_ms: 600 });
  await simulator.control.arm(CREATE, 'accept_then_cut', { times: 1 });
  const one = chainOrder('104');
  await connector.submit([one]);
  await happens(one, 'submission-unknown');
  const [attempt] = await connector.database.query<{ request: string }>('SELECT request FROM attempt');
  expect(await createOutside(simulator.control, attempt?.request ?? '')).toMatchObject({ retCode: 0 });

  await reaches(one, 'undecided');

  expect(await payments('104')).toHaveLength(2);
  expect(types(one)).not.toContain('submission-accepted');
});

it('what was paid otherwise than asked is disputed, not settled', async () => {
  await simulator.control.settings({ status_ms: { SecurityCheck: 600 } });
  const one = chainOrder('105');
  await connector.submit([one]);
  await happens(one, 'submission-accepted');
  await connector.database.query('UPDATE submission SET amount = amount + 1, gross = gross + 1 WHERE withdrawal_id = $1', [one.withdrawalId]);

  await reaches(one, 'disputed');

  expect(types(one)).not.toContain('withdrawal-settled');
});
