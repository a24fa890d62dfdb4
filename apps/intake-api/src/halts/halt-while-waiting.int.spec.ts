import { createLogger, HaltLifts, openHalts } from '@sluice/service-shell';
import { TEST_SEALS } from '@sluice/service-shell/testing';
import { testDatabase } from '@sluice/test-servers';
import { DeadlineError } from '../http/deadline.js';
import { anOrder, AUTHORITY, REFERENCES, TO_GATEIO } from '../testkit/a-withdrawal.js';
import { givenAccount, givenInstance, type TestInstance } from '../testkit/given-intake.js';
import { HaltBeganError, WithdrawalIntake } from '../withdrawals/requests/place-withdrawal.js';
import { HaltsInForce } from './halts-in-force.js';

describe('a request that waited for the database', () => {
  let instance: TestInstance;
  let halts: HaltsInForce;
  let accountId: string;
  beforeAll(async () => {
    instance = await givenInstance(await testDatabase('intake'));
    accountId = await givenAccount(instance.database);
  });
  beforeEach(() => {
    const logger = createLogger('test', 'silent');
    const lifts = new HaltLifts(instance.database, TEST_SEALS, logger);
    halts = new HaltsInForce(instance.database, lifts, logger, { startHalted: null });
  });
  afterAll(() => instance.close());

  const place = () =>
    new WithdrawalIntake(instance.unitOfWork, REFERENCES, AUTHORITY, undefined, halts).place({
      order: anOrder({ accountId }),
      decimals: 6,
      routing: TO_GATEIO,
    });
  const recorded = () => instance.database.query('SELECT FROM withdrawal');

  it('is not recorded while the halts are unknown', async () => {
    await expect(place()).rejects.toThrow(DeadlineError);

    expect(await recorded()).toEqual([]);
  });

  it('is not recorded after a halt has begun, and is recorded without one', async () => {
    await halts.look();
    await place();
    expect(await recorded()).toHaveLength(1);

    await instance.unitOfWork.run((tx) =>
      openHalts(
        tx,
        [{ scope: 'account', target: accountId, reason: 'by_hand', subject: 'test', details: 'd' }],
        'intake-api',
      ),
    );
    await halts.look();

    await expect(place()).rejects.toThrow(HaltBeganError);
    expect(await recorded()).toHaveLength(1);
  });

  it('is not recorded for a venue that was halted meanwhile', async () => {
    const before = await recorded();
    accountId = await givenAccount(instance.database);
    await instance.unitOfWork.run((tx) =>
      openHalts(
        tx,
        [{ scope: 'venue', target: 'gateio', reason: 'by_hand', subject: 'venue', details: 'd' }],
        'intake-api',
      ),
    );
    await halts.look();

    await expect(place()).rejects.toThrow(HaltBeganError);
    expect(await recorded()).toHaveLength(before.length);
  });
});
