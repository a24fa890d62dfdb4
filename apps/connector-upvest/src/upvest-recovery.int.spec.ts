import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorEngine } from '@sluice/connector-engine';
import {
  ABSENCE_AFTER_MS,
  benchFor,
  happens,
  reaches,
  types,
  type TestConnector,
} from '@sluice/connector-testing';
import { firstUserOf, orderTo, type TestUser } from './testing/orders.js';
import { UPVEST_KIT } from './testing/upvest-kit.js';

const bench = benchFor(UPVEST_KIT);
let user: TestUser;

beforeAll(async () => void (user = await firstUserOf(bench.simulator)));

const PAY = 'POST /payments/withdrawals';
const LIST = 'GET /account_groups/{id}/payments/withdrawals';

const attempts = async (connector: TestConnector, id: string): Promise<unknown[]> =>
  (await connector.submission(id))?.attempts.map(({ state }) => state) ?? [];

describe('while Upvest remembers the key', () => {
  it('a repeat that is refused proves nothing: the first request was taken, and is found', async () => {
    await bench.simulator.settings({ listing_delay_ms: 3_000 });
    const connector = await bench.connector();
    const order = orderTo(user, '11.01');
    await bench.simulator.arm(PAY, 'accept_then_cut');
    await bench.simulator.arm(PAY, 'refuse_with', {
      http_status: 422,
      body: '{"type":"https://docs.upvest.co/errors/unprocessable_entity","status":422}',
    });

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    expect(types(connector, order)).toEqual([
      'submission-unknown',
      'submission-accepted',
      'withdrawal-settled',
    ]);
    expect(await bench.payments(order.amount)).toHaveLength(1);
  });

  it('a conflict, because the first request still runs, is waited out', async () => {
    await bench.simulator.settings({
      listing_delay_ms: 60_000,
      idempotency: { in_progress_ms: 2_000 },
    });
    const connector = await bench.connector();
    const order = orderTo(user, '11.02');
    await bench.simulator.arm(PAY, 'accept_then_hang');

    await connector.submit([order]);

    await happens(connector, order, 'submission-accepted');
    expect(types(connector, order)).toEqual(['submission-unknown', 'submission-accepted']);
    expect(await bench.payments(order.amount)).toHaveLength(1);
    expect(await attempts(connector, order.withdrawalId)).toEqual(['accepted']);
  });

  it('an answer cut in its middle is no answer, and a repeat gives the whole one', async () => {
    await bench.simulator.settings({ cut_sends: 'half_the_body' });
    const connector = await bench.connector();
    const order = orderTo(user, '11.03');
    await bench.simulator.arm(PAY, 'accept_then_cut', { times: 2 });

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    expect(await bench.payments(order.amount)).toHaveLength(1);
  });

  it('a restart between the unknown outcome and the repeat changes nothing', async () => {
    const database = await bench.database();
    const before = await bench.connector({}, database);
    const order = orderTo(user, '11.04');
    await bench.simulator.arm(PAY, 'refuse_with_5xx');
    await before.submit([order]);
    await happens(before, order, 'submission-unknown');

    const after = await bench.restart(before, database);

    await happens(after, order, 'withdrawal-settled');
    expect(await bench.payments(order.amount)).toHaveLength(1);
  });

  it('a sender that died while repeating leaves it unknown, and it is repeated again', async () => {
    const database = await bench.database();
    const before = await bench.connector({}, database);
    const order = orderTo(user, '11.05');
    await bench.simulator.arm(PAY, 'refuse_with_5xx');
    await before.submit([order]);
    await happens(before, order, 'submission-unknown');
    await before.app.get(ConnectorEngine).beforeApplicationShutdown();
    await before.database.query(
      `UPDATE submission SET state = 'repeating', resends = 1, lease_owner = 'dead', lease_token = nextval('lease_token'), lease_until = now(), next_action_at = now(), given_up_at = NULL`,
    );
    await expect(
      before.decide(order.withdrawalId, {
        decision: 'absent',
        evidence: 'I think so',
        venueReference: null,
      }),
    ).rejects.toThrow('nothing_to_decide');

    const after = await bench.restart(before, database);

    await happens(after, order, 'withdrawal-settled');
    expect(types(after, order)).not.toContain('submission-unknown');
    expect(await bench.payments(order.amount)).toHaveLength(1);
  });

  it('nothing is repeated against a wish to cancel: a person decides', async () => {
    const connector = await bench.connector();
    const order = orderTo(user, '11.06');
    await bench.simulator.arm(PAY, 'refuse_with_5xx');
    await connector.submit([order]);
    await happens(connector, order, 'submission-unknown');

    await connector.cancel(order.withdrawalId);

    await reaches(connector, order, 'undecided');
    expect(await bench.payments(order.amount)).toEqual([]);
    await connector.decide(order.withdrawalId, {
      decision: 'absent',
      evidence: 'not in the list of the account group',
      venueReference: null,
    });
    expect(types(connector, order).at(-1)).toBe('submission-refused');
  });
});

describe('after Upvest may have forgotten the key', () => {
  const LATE = { replayForMs: 1 };

  it('a payment is found in the list by our reference', async () => {
    const connector = await bench.connector(LATE);
    const order = orderTo(user, '12.01', { remittance_information: 'Auszahlung Müller' });
    await bench.simulator.arm(PAY, 'accept_then_cut');
    await bench.simulator.arm(LIST, 'html_body');

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    expect(await bench.payments(order.amount)).toHaveLength(1);
  });

  it('an equal payment of another is not taken for ours', async () => {
    const connector = await bench.connector(LATE);
    const [paid, lost] = [orderTo(user, '12.02'), orderTo(user, '12.02')];
    await connector.submit([paid]);
    await happens(connector, paid, 'withdrawal-settled');
    await bench.simulator.arm(PAY, 'refuse_with_5xx');

    await connector.submit([lost]);

    await reaches(connector, lost, 'undecided');
    expect(await bench.payments(lost.amount)).toHaveLength(1);
  });

  it('silence proves nothing: it is never sent again, a person decides', async () => {
    const connector = await bench.connector(LATE);
    const order = orderTo(user, '12.03');
    await bench.simulator.arm(PAY, 'refuse_with_5xx');

    await connector.submit([order]);
    await reaches(connector, order, 'undecided');
    await sleep(ABSENCE_AFTER_MS + 1_500);

    expect(await bench.payments(order.amount)).toEqual([]);
    expect(types(connector, order)).toEqual(['submission-unknown', 'submission-unknown']);
  });
});
