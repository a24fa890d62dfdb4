import { readConfig } from '@sluice/runtime';
import { testDatabase } from '@sluice/test-servers';
import { createLogger, Health } from '@sluice/service-shell';
import { anOrder } from '../testkit/a-withdrawal.js';
import {
  givenAccount,
  givenInstance,
  published,
  type TestInstance,
} from '../testkit/given-intake.js';
import { placeOrder } from '../testkit/given-saga.js';
import { giveWalletRoutes, HOT } from '../testkit/given-wallet.js';
import { INTAKE_SETTINGS } from '../settings/intake-settings.js';
import { NewRecipients } from './new-recipients.js';

const MOST = 3;

describe('a burst of new addresses', () => {
  let intake: TestInstance;
  let recipients: NewRecipients;
  let accountId: string;
  beforeAll(async () => {
    intake = await givenInstance(await testDatabase('intake'));
    recipients = new NewRecipients(
      intake.unitOfWork,
      createLogger('test', 'silent'),
      { newAddressesPerHour: MOST },
      new Health(),
    );
  });
  beforeEach(async () => void (accountId = await givenAccount(intake.database)));
  afterAll(() => intake.close());

  const asked = async (...uids: readonly number[]) => {
    for (const uid of uids) {
      const destination = { type: 'venue_account', kind: 'uid', value: String(uid) } as const;
      await placeOrder(intake, anOrder({ accountId, destination }));
    }
  };
  const halted = () =>
    intake.database.query('SELECT scope, reason FROM halt WHERE target = $1', [accountId]);

  it('halts the account, here and at the venues of all routes, once', async () => {
    await asked(1, 2, 3, 4);
    await recipients.look();
    await asked(5);
    await recipients.look();

    expect(await halted()).toEqual([{ scope: 'account', reason: 'new_address_burst' }]);
    const ordered = (await published(intake.database)).filter(
      ({ type }) => type === 'venue.halt.v1',
    );
    expect(ordered.map(({ topic, data }) => [topic, data['accountId']])).toEqual([
      ['venue.gateio.commands', accountId],
    ]);
  });

  it('is told to our own wallet where there is one', async () => {
    const haltsOf = async () =>
      (await published(intake.database))
        .filter(({ type, data }) => type === 'venue.halt.v1' && data['accountId'] === accountId)
        .map(({ topic }) => topic)
        .sort();
    await giveWalletRoutes(intake.database);
    await asked(1, 2, 3, 4);
    await recipients.look();
    expect(await haltsOf()).toEqual(['venue.gateio.commands']);

    await intake.database.query(
      `INSERT INTO hot_wallet (network, address, purpose, position) VALUES ('BSC', $1, 'hot', 1)`,
      [HOT],
    );
    accountId = await givenAccount(intake.database);
    await asked(1, 2, 3, 4);
    await recipients.look();
    expect(await haltsOf()).toEqual(['venue.gateio.commands', 'venue.wallet.commands']);
  });

  it('is none when they are as many as may be, or known', async () => {
    await asked(1, 2, 3, 1, 2, 3, 1);
    await recipients.look();
    await recipients.look();

    expect(await halted()).toEqual([]);
  });

  it('of 120 addresses is stopped by the default', async () => {
    const { newAddressesPerHour: setting } = INTAKE_SETTINGS;
    const { newAddressesPerHour } = readConfig({}, { newAddressesPerHour: setting });
    const byDefault = new NewRecipients(
      intake.unitOfWork,
      createLogger('test', 'silent'),
      { newAddressesPerHour },
      new Health(),
    );
    await asked(...Array.from({ length: 50 }, (_, at) => at));
    await byDefault.look();
    expect(await halted()).toEqual([]);

    await asked(...Array.from({ length: 70 }, (_, at) => 50 + at));
    await byDefault.look();
    expect(await halted()).toEqual([{ scope: 'account', reason: 'new_address_burst' }]);
  });

  it('is found by an instance that starts afterwards, and counts no recipient twice', async () => {
    const destination = { type: 'venue_account', kind: 'uid', value: '9' } as const;
    await Promise.all(
      [9, 9, 9, 9, 9].map(() => placeOrder(intake, anOrder({ accountId, destination }))),
    );
    await asked(1, 2);
    await recipients.look();
    expect(await halted()).toEqual([]);
    await asked(3);
    await intake.database.query('UPDATE withdrawal SET number = number - 3500000 * 2048::bigint');
    await recipients.look();
    expect(await halted()).toEqual([]);

    const started = new NewRecipients(
      intake.unitOfWork,
      createLogger('test', 'silent'),
      { newAddressesPerHour: MOST },
      new Health(),
    );
    await started.look();

    expect(await halted()).toEqual([{ scope: 'account', reason: 'new_address_burst' }]);
  });

  it('knows a recipient per account, in any request on record', async () => {
    await asked(1, 2, 3);
    await intake.database.query(
      `UPDATE withdrawal SET state = 'rejected', number = number - 3600000 * 2048::bigint`,
    );
    await asked(1, 2, 3, 4);
    accountId = await givenAccount(intake.database);
    await asked(1, 2, 3);

    expect(
      await intake.database.query(
        'SELECT count(*)::int AS count FROM withdrawal WHERE first_payment AND account_id = $1',
        [accountId],
      ),
    ).toEqual([{ count: 3 }]);
    await recipients.look();
    expect(
      await intake.database.query('SELECT target FROM halt WHERE target = $1', [accountId]),
    ).toEqual([]);
  });

  it('is none over a longer time than an hour', async () => {
    await asked(1, 2);
    await recipients.look();
    await intake.database.query(`UPDATE withdrawal SET number = number - 3600000 * 2048::bigint`);
    await asked(3, 4, 5);
    await recipients.look();

    expect(await halted()).toEqual([]);
  });
});
