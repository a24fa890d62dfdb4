import { RecordReader } from '@sluice/connector-engine';
import {
  benchFor,
  happens,
  reaches,
  stateOf,
  types,
  type TestConnector,
  type ContractOrder,
} from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { BYBIT_KIT } from './testing/bybit-kit.js';
import { chainOrder, createOutside, uidOrder } from './testing/orders.js';

const bench = benchFor(BYBIT_KIT);

const CREATE = 'POST /v5/asset/withdraw/create';
const LIST = 'GET /v5/asset/withdraw/query-record';

// As after two responses that the venue swapped.
const SWAP_REFERENCES = `DO $$
  DECLARE one text := (SELECT min(venue_reference) FROM submission); other text := (SELECT max(venue_reference) FROM submission);
  BEGIN
    UPDATE submission SET venue_reference = 'none' WHERE venue_reference = one;
    UPDATE submission SET venue_reference = one WHERE venue_reference = other;
    UPDATE submission SET venue_reference = other WHERE venue_reference = 'none';
  END $$`;

let connector: TestConnector;

beforeEach(async () => void (connector = await bench.connector()));

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
    await bench.simulator.arm(CREATE, 'accept_then_hang');
    const one = orderOf('101');
    await connector.submit([one]);
    await reaches(connector, one, 'sending');
    await givenSenderDied(one);

    await happens(connector, one, 'withdrawal-settled');

    expect(await bench.payments('101')).toHaveLength(1);
    expect((await connector.submission(one.withdrawalId))?.attempts).toHaveLength(1);
    expect(await connector.violations()).toEqual([]);
  });

  it('that was not sent: a person names a record, or decides that the payment is absent', async () => {
    await bench.simulator.arm(CREATE, 'refuse_with_5xx');
    const one = orderOf('102');
    await connector.submit([one]);

    await reaches(connector, one, 'undecided');

    await connector.decide(one.withdrawalId, {
      decision: 'absent',
      evidence: 'not in the records of the website',
      venueReference: null,
    });
    expect(types(connector, one).at(-1)).toBe('submission-refused');
    expect(await bench.payments('102')).toEqual([]);
  });
});

it('a payment of somebody else with other fields is not adopted: amount, coin and chain, recipient and time all count', async () => {
  const [paid, lost] = [chainOrder('103'), chainOrder('103.5')];
  await connector.submit([paid]);
  await happens(connector, paid, 'withdrawal-settled');
  await bench.simulator.arm(CREATE, 'refuse_with_5xx');

  await connector.submit([lost]);

  await reaches(connector, lost, 'undecided');
  expect(await bench.payments('103.5')).toEqual([]);
});

it('two matching records prove nothing: a person decides', async () => {
  await eventually(() => expect(connector.app.get(RecordReader).fault()).toBeNull());
  await bench.simulator.arm(LIST, 'refuse_with_5xx', { times: 1_000 }); // nobody looks before both are there
  await bench.simulator.arm(CREATE, 'accept_then_cut');
  const one = chainOrder('104');
  await connector.submit([one]);
  await happens(connector, one, 'submission-unknown');
  const [attempt] = await connector.database.query<{ request: string }>(
    'SELECT request FROM attempt',
  );
  expect(await createOutside(bench.simulator, attempt?.request ?? '')).toMatchObject({
    retCode: 0,
  });
  await bench.simulator.clearFaults();

  await reaches(connector, one, 'undecided');

  expect(await bench.payments('104')).toHaveLength(2);
  expect(types(connector, one)).not.toContain('submission-accepted');
});

it('what was paid otherwise than asked is disputed, not settled', async () => {
  await bench.simulator.settings({ status_ms: { SecurityCheck: 600 } });
  const one = chainOrder('105');
  await connector.submit([one]);
  await happens(connector, one, 'submission-accepted');
  await connector.database.query(
    'UPDATE submission SET amount = amount + 1, gross = gross + 1 WHERE withdrawal_id = $1',
    [one.withdrawalId],
  );
  expect(await connector.violations()).toMatchObject([
    { invariant: expect.stringMatching(/^sent-as-asked/) as string },
  ]);

  await reaches(connector, one, 'disputed');

  expect(types(connector, one)).not.toContain('withdrawal-settled');
  await connector.database.query(
    'UPDATE submission SET amount = amount - 1, gross = gross - 1 WHERE withdrawal_id = $1',
    [one.withdrawalId],
  );
});

it('a disputed order with a payment of its own at the venue is not absent, and is paid by that record', async () => {
  await bench.simulator.settings({ status_ms: { SecurityCheck: 600 } });
  const [one, other] = [chainOrder('106'), chainOrder('107')];
  await connector.submit([one, other]);
  for (const order of [one, other]) await happens(connector, order, 'submission-accepted');
  await connector.database.query(SWAP_REFERENCES);
  for (const order of [one, other]) await reaches(connector, order, 'disputed');
  const [own] = await bench.payments('106');

  const absent = connector.decide(one.withdrawalId, {
    decision: 'absent',
    evidence: 'the record is of another order',
    venueReference: null,
  });

  await expect(absent).rejects.toThrow(`{"kind":"listed","venueReference":"${own?.id}"}`);
  expect(await stateOf(connector, one)).toBe('disputed');

  await connector.database.query(
    `UPDATE submission SET venue_reference = 'foreign-' || venue_reference, tx_hash = 'foreign'`,
  );
  await connector.decide(one.withdrawalId, {
    decision: 'paid',
    evidence: 'the own record',
    venueReference: own?.id ?? '',
  });
  expect(
    await connector.database.query(
      'SELECT state, venue_reference, tx_hash FROM submission WHERE withdrawal_id = $1',
      [one.withdrawalId],
    ),
  ).toEqual([{ state: 'settled', venue_reference: own?.id, tx_hash: null }]);
});
