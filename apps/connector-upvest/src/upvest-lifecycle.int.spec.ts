import { benchFor, happens, types, type TestConnector } from '@sluice/connector-testing';
import { Secret } from '@sluice/runtime';
import { SetAsset } from '@sluice/connector-engine';
import { eventually } from '@sluice/test-kit';
import { orderTo, usersOf, type TestUser } from './testing/orders.js';
import { UPVEST_KIT } from './testing/upvest-kit.js';

const bench = benchFor(UPVEST_KIT);
let users: readonly TestUser[];
let user: TestUser;

beforeAll(async () => {
  users = await usersOf(bench.simulator);
  user = users[0]!;
});

const cases = (connector: TestConnector) =>
  connector.database.query<{ kind: string; text: string }>(
    'SELECT kind, text FROM submission_case',
  );

describe('a withdrawal that Upvest cancels by itself', () => {
  it.each(['NEW', 'PROCESSING'])(
    'while %s fails, not as cancelled by us, and a case is opened',
    async (rejected_while) => {
      await bench.simulator.settings({
        rejected_reference_accounts: [user.reference_account_id],
        rejected_while,
      });
      const connector = await bench.connector();
      const order = orderTo(user, '21.01');

      await connector.submit([order]);

      await happens(connector, order, 'withdrawal-failed');
      expect(connector.events(order.withdrawalId).at(-1)?.data).toMatchObject({
        cancelled: false,
        reason: 'cancelled',
      });
      expect(await cases(connector)).toMatchObject([{ kind: 'venue_alert' }]);
    },
  );
});

describe('a payment that comes back after it was settled', () => {
  const returns = (connector: TestConnector, order: { withdrawalId: string }) =>
    connector
      .events(order.withdrawalId)
      .flatMap(({ type, data }) => (type === 'venue.withdrawal-returned.v1' ? [data] : []));

  it('is read again without another open order, and published once, with its amount and proof', async () => {
    await bench.simulator.settings({
      returned_reference_accounts: [user.reference_account_id],
      status_ms: { NEW: 0, PROCESSING: 0, CONFIRMED: 1_500 },
    });
    const connector = await bench.connector();
    const order = orderTo(user, '24.01');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-settled');

    await happens(connector, order, 'withdrawal-returned');

    const [returned] = returns(connector, order);
    expect(returned).toMatchObject({ amount: '24.01', asset: 'EUR.SEPA', reason: 'cancelled' });
    expect(returned).toHaveProperty('proof');
    expect((await connector.submission(order.withdrawalId))?.state).toBe('returned');
    await connector.askFor(order.withdrawalId);
    await eventually(() => expect(returns(connector, order)).toHaveLength(2));
    expect(returns(connector, order)[1]).toEqual({ ...returned, message: 'cancelled' });
    expect(await cases(connector)).toEqual([]);
    expect(await connector.violations()).toEqual([]);
  });

  it('is no return while a second reading does not confirm the record', async () => {
    const statuses = ['NEW', 'PROCESSING', 'CONFIRMED', 'CANCELLED', 'CONFIRMED'];
    await bench.simulator.settings({
      scripts: { [user.reference_account_id]: statuses },
      status_ms: { NEW: 0, PROCESSING: 0, CONFIRMED: 800, other: 700 },
    });
    const connector = await bench.connector();
    const order = orderTo(user, '24.02');
    await connector.submit([order]);
    const seen = () =>
      connector.database.query<{ seen: boolean }>(
        `SELECT returned_seen_at IS NOT NULL AS seen FROM submission`,
      );
    await happens(connector, order, 'withdrawal-settled');

    await eventually(async () => expect(await seen()).toEqual([{ seen: true }]));
    await eventually(async () => expect(await seen()).toEqual([{ seen: false }]));

    expect(returns(connector, order)).toEqual([]);
    expect((await connector.submission(order.withdrawalId))?.state).toBe('settled');
  });

  it('in part is decided by two people, for at most what was paid', async () => {
    await bench.simulator.settings({ status_ms: 0 });
    const connector = await bench.connector();
    const order = orderTo(user, '24.03');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-settled');
    const decision = {
      decision: 'returned',
      evidence: 'statement 7',
      venueReference: null,
    } as const;

    await expect(
      connector.decide(order.withdrawalId, { ...decision, amount: '24.04' }),
    ).rejects.toThrow('amount_not_returnable');
    await connector.say('R. Ortiz', order.withdrawalId, { ...decision, amount: '20.00' });
    expect(returns(connector, order)).toEqual([]);
    await connector.say('L. Weber', order.withdrawalId, { ...decision, amount: '20.00' });

    expect(returns(connector, order)).toMatchObject([{ amount: '20', reason: 'decided_returned' }]);
    expect((await connector.submission(order.withdrawalId))?.state).toBe('returned');
  });
});

describe('many users', () => {
  it('are each followed in the list of their own account group', async () => {
    const connector = await bench.connector();
    const orders = users.map((user, n) => orderTo(user, `22.0${n}`));

    await connector.submit(orders);

    for (const order of orders) await happens(connector, order, 'withdrawal-settled');
    expect(await bench.simulator.payments()).toHaveLength(orders.length);
  });
});

describe('access', () => {
  it('a token that ends in between costs nothing: nothing was sent, and it goes again', async () => {
    const connector = await bench.connector();
    const [first, second] = [orderTo(user, '23.01'), orderTo(user, '23.02')];
    await connector.submit([first]);
    await happens(connector, first, 'withdrawal-settled');

    await bench.simulator.settings({ token_generation: 2 });
    await connector.submit([second]);

    await happens(connector, second, 'withdrawal-settled');
    expect(types(connector, second)).toEqual(['submission-accepted', 'withdrawal-settled']);
    expect(await bench.payments(second.amount)).toHaveLength(1);
  });

  it('tokens that live a second are renewed as they end', async () => {
    await bench.simulator.settings({ token_expires_in_s: 1, status_ms: 700 });
    const connector = await bench.connector();
    const order = orderTo(user, '23.03');

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    expect(types(connector, order)).toEqual(['submission-accepted', 'withdrawal-settled']);
  });

  it('a wrong secret fails the start-up check: nothing is sent, and the reason is reported', async () => {
    const connector = await bench.connector({ clientSecret: new Secret('wrong') });
    const order = orderTo(user, '23.04');

    await connector.submit([order]);

    await eventually(() =>
      expect(connector.gate.startFault).toContain(
        'withdrawals cannot be read (no access token: status 401)',
      ),
    );
    expect((await connector.submission(order.withdrawalId))?.state).toBe('prepared');
    expect(await bench.payments(order.amount)).toEqual([]);
  });
});

describe('an asset that people would add', () => {
  it('takes a release: Upvest pays EUR over the one rail that it has', async () => {
    const connector = await bench.connector();
    const usd = { currency: 'USD', network: 'SEPA', code: 'USD', active: true };
    const setting = connector.app
      .get(SetAsset)
      .run(
        { ...usd, unit_worth_eur: '1' },
        { kind: 'person', name: 'ada', roles: ['administer'], client: 'sluice-cli' },
      );
    await expect(setting).rejects.toMatchObject({
      status: 409,
      message: 'What upvest pays takes a release',
    });
  });
});
