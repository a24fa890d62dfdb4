import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs, testValues } from '@sluice/runtime';
import { createLogger, HaltLifts } from '@sluice/service-shell';
import { TEST_SEALS } from '@sluice/service-shell/testing';
import { testDatabase } from '@sluice/test-servers';
import { WithdrawalWaiters } from '../waiting/waiters.js';
import { Saga } from '../saga/saga.js';
import { SagaBatches } from '../saga/saga-batches.js';
import { WithdrawalIntake } from './place-withdrawal.js';
import { CatalogueStore } from '../../catalogue/catalogue-store.js';
import { HaltsInForce } from '../../halts/halts-in-force.js';
import { InFlightLimit, RequestWithdrawal } from './request-withdrawal.js';
import { RequestRules } from './request-rules.js';
import { ADDRESS, AUTHORITY, REFERENCES } from '../../testkit/a-withdrawal.js';
import { givenApi } from '../../testkit/given-api.js';
import { givenAccount, givenInstance } from '../../testkit/given-intake.js';
import { anEvent } from '../../testkit/inbound-events.js';
import { NO_RESTORE, NO_TRIALS } from '../../testkit/given-saga.js';

describe('RequestWithdrawal', () => {
  it('with a wait does not miss what the venue said while the hold was being looked up', async () => {
    const intake = await givenInstance(await testDatabase('intake'));
    const { database, unitOfWork } = intake;
    const [accountId, elsewhere] = [await givenAccount(database), new WithdrawalWaiters(database)];
    const saga = new Saga(
      unitOfWork,
      elsewhere,
      createLogger('test', 'silent'),
      new SagaBatches(AUTHORITY, NO_RESTORE),
    );
    const logger = createLogger('test', 'silent');
    const gate = Promise.withResolvers<void>();
    let looked = 0;
    class SlowWaiters extends WithdrawalWaiters {
      protected override async lookUp(ids: readonly string[]) {
        const rows = await super.lookUp(ids);
        if (++looked === 1) await gate.promise;
        return rows;
      }
    }
    const waiters = new SlowWaiters(database);
    const requestWithdrawal = new RequestWithdrawal(
      new RequestRules(
        database,
        new CatalogueStore(database, { ceilings: {} }),
        new HaltsInForce(database, new HaltLifts(database, TEST_SEALS, logger), logger, {
          startHalted: null,
        }),
        { balances: () => Promise.resolve([]) },
        NO_TRIALS,
      ),
      new WithdrawalIntake(unitOfWork, REFERENCES, AUTHORITY),
      waiters,
      new InFlightLimit({ maxPendingRequests: 1 }),
      { holdTimeoutMs: 5_000 },
    );
    const destination = { type: 'address', address: ADDRESS } as const;
    const request = {
      currency: 'USDT',
      network: 'ETH',
      destination,
      amount: '50',
      clientReference: null,
      venue: null,
    };
    const answering = requestWithdrawal.run(
      request,
      { accountId, keyId: 'ck_1', referenceScope: 'ck_1' },
      { waitSeconds: 20, arrivedAtMs: monotonicMs() },
    );
    let id = '';
    while (id === '')
      [{ id } = { id: '' }] = await database.query<{ id: string }>('SELECT id FROM withdrawal');

    await saga.take([anEvent(id, 'hold_placed')]);
    void waiters.refresh(); // sees the hold, and is slow to say so
    while (looked === 0) await sleep(5);
    await saga.take([anEvent(id, 'accepted')]);
    void waiters.refresh(); // while the first look-up is under way
    gate.resolve();

    const early = await Promise.race([answering, sleep(3_000)]);
    expect(early).toMatchObject({ value: { stored: { withdrawal: { state: 'submitted' } } } });
    await intake.close();
  });

  it('answers in time while the database is slow to commit, and what was asked is then on record once', async () => {
    const api = await givenApi(await testDatabase('intake'), testValues({ holdTimeoutMs: 300 }));
    const key = await api.createKey(await givenAccount(api.database), ['withdraw']);
    const body = JSON.stringify({
      currency: 'USDT',
      network: 'ETH',
      to_address: ADDRESS,
      amount: '50',
      client_reference: 'slow',
    });
    const post = () => api.send({ method: 'POST', target: '/v1/withdrawals', key, body });
    const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = api.database.withClient(async (client) => {
      await client.query('BEGIN; LOCK TABLE withdrawal IN ACCESS EXCLUSIVE MODE');
      locked.resolve();
      await release.promise;
      await client.query('COMMIT');
    });
    await locked.promise;

    const slow = await post();
    release.resolve();
    await holding;

    expect(slow).toMatchObject({
      status: 504,
      body: { message: 'Withdrawal submission is still in progress' },
    });
    const [again, onceMore] = [await post(), await post()];
    expect(again).toMatchObject({
      status: 200,
      body: { data: { id: expect.any(Number), status: 'pending' } },
    });
    expect(onceMore.body.data['id']).toBe(again.body.data['id']);
    expect(await api.database.query('SELECT FROM withdrawal')).toHaveLength(1);
    await api.close();
  });

  it('refuses what no connector would ever send by one call, before anything is on record', async () => {
    const ceilings = JSON.stringify({ USDT: { call: '5000' } });
    const api = await givenApi(await testDatabase('intake'), {
      ...testValues({ holdTimeoutMs: 50 }),
      CEILINGS: ceilings,
    });
    const key = await api.createKey(await givenAccount(api.database), ['withdraw']);
    const post = (amount: string) => {
      const body = { currency: 'USDT', network: 'ETH', to_address: ADDRESS, amount };
      const target = '/v1/withdrawals';
      return api.post(target, body, { key });
    };

    const above = await post('5000.000001');
    expect([above.status, above.body.message]).toEqual([
      422,
      'amount: No venue of this route pays such an amount',
    ]);
    expect(await api.database.query('SELECT FROM withdrawal')).toEqual([]);
    expect((await post('5000')).status).toBe(504);
    await api.close();
  });
});
