import { RecordReader } from '@sluice/connector-engine';
import {
  benchFor,
  happens,
  reaches,
  stateOf,
  types,
  type TestConnector,
} from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { BYBIT_KIT } from './testing/bybit-kit.js';
import { chainOrder, createOutside } from './testing/orders.js';

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
