import { randomUUID } from 'node:crypto';
import { HOUSE_ACCOUNT, NO_WITHDRAWAL } from '@sluice/messages';
import { testDatabase } from '@sluice/test-servers';
import { givenInstance, published, type TestInstance } from '../../testkit/given-intake.js';
import type { CoinsArrived } from './coins-arrived.js';
import type { InboundEvent } from './inbound-event.js';
import { type Saga } from './saga.js';
import { givenSaga } from '../../testkit/given-saga.js';

const ARRIVED: CoinsArrived = {
  withdrawalId: NO_WITHDRAWAL,
  venue: 'wallet',
  network: 'ETH',
  address: '0xhot',
  wallet: 'hot',
  asset: 'ETH.ETH',
  amount: '30000',
  number: 1,
  blockNumber: '17',
  at: '2026-11-22T08:00:00.000Z',
};

describe('what comes to our own wallet', () => {
  let intake: TestInstance;
  let saga: Saga;
  beforeAll(async () => {
    intake = await givenInstance(await testDatabase('intake'));
    saga = givenSaga(intake);
  });
  beforeEach(async () => {
    for (const table of ['outbox', 'withdrawal_case'])
      await intake.database.query(`DELETE FROM ${table}`);
  });
  afterAll(() => intake.close());

  const arrives = (change: Partial<CoinsArrived> = {}): InboundEvent => ({
    id: randomUUID(),
    change: { kind: 'coins_arrived', arrived: { ...ARRIVED, ...change } },
  });
  const ordered = async () =>
    (await published(intake.database)).map(({ type, data }) => ({ type, data }));
  const cases = () =>
    intake.database.query('SELECT trigger, detail::json FROM withdrawal_case ORDER BY id');

  it('is booked by the ledger under its address, asset and number', async () => {
    const event = arrives();
    await saga.take([event, event]);
    await saga.take([event]);

    const { network, wallet, asset, amount, at: effectiveAt } = ARRIVED;
    const data = { network, wallet, asset, amount, effectiveAt };
    expect(await ordered()).toEqual([
      {
        type: 'ledger.record-wallet-funding.v1',
        data: { accountId: HOUSE_ACCOUNT, ...data, reference: '0xhot ETH.ETH 1' },
      },
    ]);
    expect(await cases()).toEqual([]);
  });

  it.each<[string, Partial<CoinsArrived>]>([
    ['coins_above_ceiling', { amount: '30000.000000000000000001' }],
    ['coins_above_ceiling', { asset: 'DOGE.ETH', amount: '1' }],
    ['coins_of_other_network', { network: 'BSC' }],
  ])('is a case of %s and is not booked: %j', async (trigger, change) => {
    await saga.take([arrives(change)]);
    await saga.take([arrives(change)]);

    expect(await cases()).toEqual([{ trigger, detail: { ...ARRIVED, ...change } }]);
    expect(await ordered()).toEqual([]);
  });

  it('is a case where the ledger refuses to book it', async () => {
    const command = 'ledger.record-wallet-funding.v1';
    const refused = { of: undefined, command, commandId: 'c', reason: 'reference_reused' };
    await saga.take([{ id: randomUUID(), change: { kind: 'cost_refused', ...refused } }]);

    expect(await cases()).toMatchObject([{ trigger: 'arrival_refused' }]);
  });
});
