import { randomUUIDv7 } from 'node:crypto';
import { RatePlan, VenueHttp } from '@sluice/connector-runtime';
import { benchFor, happens, reaches, types, type TestConnector } from '@sluice/connector-testing';
import { eventually, type ContractOrder } from '@sluice/testing';
import { GATEIO_KIT, WIDE_PLAN } from './testing/gateio-kit.js';
import { chainOrder, pushOrder } from './testing/orders.js';
import { GateioClient } from './venue/gateio.client.js';

const bench = benchFor(GATEIO_KIT);

let connector: TestConnector;

beforeEach(async () => void (connector = await bench.connector()));

const cases = (): Promise<{ kind: string }[]> => connector.database.query('SELECT kind FROM submission_case ORDER BY id');

/** What a process leaves that was killed after it committed its intent (K9) or anywhere up to storing the outcome (K10, K11). */
async function givenIntentOfDeadProcess(one: ContractOrder): Promise<string> {
  await connector.database.query(`UPDATE rate_slot SET next_free_at = now() + interval '1 hour' WHERE endpoint = 'POST /withdrawals'`);
  await connector.submit([one]);
  const [row] = await connector.database.query<{ body: string }>(DEAD_INTENT, [one.withdrawalId]);
  await connector.database.query(`UPDATE rate_slot SET next_free_at = now() WHERE endpoint = 'POST /withdrawals'`);
  return row?.body ?? '';
}

const DEAD_INTENT = `
  WITH s AS (
    UPDATE submission SET state = 'sending', gross = amount + 1, lease_owner = 'dead', lease_token = nextval('lease_token'),
           lease_until = clock_timestamp() - interval '1 second', submitted_at = clock_timestamp(), next_action_at = clock_timestamp()
     WHERE withdrawal_id = $1 AND state = 'prepared' RETURNING *)
  INSERT INTO attempt (withdrawal_id, number, state, client_reference, request, gross, evidence, lease_token)
  SELECT withdrawal_id, attempt, 'sending', client_reference,
         json_build_object('currency', 'USDT', 'chain', 'ETH', 'amount', gross::text, 'address', destination ->> 'address', 'withdraw_order_id', client_reference)::text,
         gross, '{"fee": "1"}', lease_token FROM s
  RETURNING request AS body`;

async function sendOutside(body: string): Promise<void> {
  const { api_key: apiKey, api_secret: apiSecret } = await bench.simulator.credentials();
  const http = new VenueHttp({ origin: bench.simulator.url, connections: 1 });
  const ratePlan = new RatePlan(connector.database, WIDE_PLAN);
  const options = { apiKey: String(apiKey), apiSecret: String(apiSecret), prefix: '/api/v4', submitTimeoutMs: 5_000, readTimeoutMs: 5_000 };
  const answer = await new GateioClient(http, options, (endpoint) => ratePlan.turn(endpoint)).withdraw(body);
  expect(answer).toMatchObject({ status: 200 });
  await http.close();
}

describe('an intent without an outcome', () => {
  it('that never left: unknown, absence proven, sent once under the same reference', async () => {
    const one = chainOrder('101');
    await givenIntentOfDeadProcess(one);

    await happens(connector, one, 'withdrawal-settled');

    expect(types(connector, one).filter((type) => !/broadcast|scheduled/.test(type))).toEqual([
      'submission-unknown',
      'submission-accepted',
      'withdrawal-settled',
    ]);
    expect(await bench.payments('101')).toHaveLength(1);
    expect(await connector.violations()).toEqual([]);
  });

  it('that was paid: found by its reference, never sent again', async () => {
    const one = chainOrder('102');
    await sendOutside(await givenIntentOfDeadProcess(one));

    await happens(connector, one, 'withdrawal-settled');

    expect((await connector.submission(one.withdrawalId))?.attempts).toHaveLength(1);
    expect(await bench.payments('102')).toHaveLength(1);
  });
});

describe('a contrary fact', () => {
  it('a payment that is not what was asked is not settled: a case waits for a person, whose word ends it', async () => {
    await bench.simulator.settings({ status_ms: { REQUEST: 600 } });
    const one = chainOrder('103');
    await connector.submit([one]);
    await happens(connector, one, 'submission-accepted');
    await connector.database.query('UPDATE submission SET amount = amount + 1 WHERE withdrawal_id = $1', [one.withdrawalId]);
    expect(await connector.violations()).toMatchObject([{ invariant: expect.stringMatching(/^S15-/) as string }]);

    await reaches(connector, one, 'disputed');

    expect(types(connector, one)).not.toContain('withdrawal-settled');
    expect(await cases()).toEqual([{ kind: 'not_as_asked' }]);
    await connector.decide(one.withdrawalId, { decision: 'paid', evidence: 'agreed with the customer', venueReference: null });
    expect(types(connector, one).at(-1)).toBe('withdrawal-settled');
    await connector.database.query('UPDATE submission SET amount = amount - 1 WHERE withdrawal_id = $1', [one.withdrawalId]);
  });

  it('a second payment under our reference opens a case', async () => {
    const one = chainOrder('104');
    await connector.submit([one]);
    await happens(connector, one, 'withdrawal-settled');
    const [attempt] = await connector.database.query<{ request: string }>('SELECT request FROM attempt');
    await sendOutside(attempt?.request ?? '');

    const next = chainOrder('105'); // the poller looks again when something is open
    await connector.submit([next]);
    await happens(connector, next, 'withdrawal-settled');

    await eventually(async () => expect(await cases()).toEqual([{ kind: 'paid_twice' }]));
    expect(types(connector, one).filter((type) => type === 'withdrawal-settled')).toHaveLength(1);
  });
});

describe('a person', () => {
  it('can name the record that paid an undecided push; nothing else can be decided', async () => {
    const lost = pushOrder('106');
    await bench.simulator.arm('POST /withdrawals/push', 'refuse_with_5xx');
    await connector.submit([lost]);
    await reaches(connector, lost, 'undecided');
    const { api_key: apiKey, api_secret: apiSecret } = await bench.simulator.credentials();
    const http = new VenueHttp({ origin: bench.simulator.url, connections: 1 });
    const options = { apiKey: String(apiKey), apiSecret: String(apiSecret), prefix: '/api/v4', submitTimeoutMs: 5_000, readTimeoutMs: 5_000 };
    await new GateioClient(http, options, () => Promise.resolve()).push('{"receive_uid":12345678,"currency":"USDT","amount":"107"}');
    await http.close();
    const [other] = await bench.payments('107');

    await connector.decide(lost.withdrawalId, { decision: 'paid', evidence: 'seen on the website', venueReference: other?.id ?? '' });

    expect(types(connector, lost).at(-1)).toBe('submission-accepted');
    await reaches(connector, lost, 'disputed'); // that record paid another amount
    await expect(connector.decide(randomUUIDv7(), { decision: 'paid', evidence: 'x', venueReference: null })).rejects.toThrow('no_such_submission');
  });
});
