import { randomUUID } from 'node:crypto';
import { HOUSE_ACCOUNT, NO_WITHDRAWAL } from '@sluice/messages';
import { anOrder } from '../../testkit/a-withdrawal.js';
import { published, type TestInstance } from '../../testkit/given-intake.js';
import { givenIntake, placeOrder } from '../../testkit/given-saga.js';
import type { InboundEvent } from './inbound-event.js';
import type { Saga } from './saga.js';
import type { GasSpent, GasToppedUp } from './wallet-costs.js';

const SPENT: GasSpent = {
  withdrawalId: NO_WITHDRAWAL,
  venue: 'wallet',
  network: 'ETH',
  asset: 'ETH.ETH',
  amount: '0.001',
  txHash: '0xabc',
  from: '0xhot',
  wallet: 'hot',
  purpose: 'void',
  at: '2026-11-22T08:00:00.000Z',
};
const TOPPED_UP: GasToppedUp = {
  withdrawalId: NO_WITHDRAWAL,
  venue: 'wallet',
  network: 'ETH',
  asset: 'ETH.ETH',
  amount: '1',
  txHash: '0xdef',
  from: '0xtank',
  to: '0xhot',
  blockNumber: '17',
  at: '2026-11-22T08:00:00.000Z',
};

describe('what our own wallet costs', () => {
  let intake: TestInstance;
  let accountId: string;
  let saga: Saga;
  beforeAll(async () => void ({ intake, accountId, saga } = await givenIntake()));
  beforeEach(async () => {
    for (const table of ['outbox', 'withdrawal_case', 'gas_day'])
      await intake.database.query(`DELETE FROM ${table}`);
  });
  afterAll(() => intake.close());

  const spent = (change: Partial<GasSpent> = {}): InboundEvent => {
    const cost = { ...SPENT, ...change };
    const { withdrawalId } = cost;
    return {
      id: randomUUID(),
      change: {
        kind: 'gas_spent',
        cost,
        ...(withdrawalId !== NO_WITHDRAWAL && { withdrawalId }),
      },
    };
  };
  const toppedUp = (change: Partial<GasToppedUp> = {}): InboundEvent => ({
    id: randomUUID(),
    change: { kind: 'gas_topped_up', cost: { ...TOPPED_UP, ...change } },
  });
  async function place(venue: string): Promise<string> {
    const order = anOrder({ accountId, venue });
    await placeOrder(intake, order);
    await intake.database.query('DELETE FROM outbox');
    return order.id;
  }
  const ordered = async () =>
    (await published(intake.database)).map(({ type, data }) => ({ type, data }));
  const cases = () =>
    intake.database.query<{ trigger: string; withdrawal_id: string; detail: object }>(
      'SELECT trigger, withdrawal_id, detail::json FROM withdrawal_case ORDER BY id',
    );

  it('is booked by the ledger: gas with its withdrawal, a top-up, each under the hash of its transaction', async () => {
    const withdrawalId = await place('wallet');

    await saga.take([
      spent({ withdrawalId, purpose: 'payment' }),
      spent({ txHash: '0x2', wallet: 'tank', purpose: 'top_up' }),
      toppedUp(),
    ]);

    const common = { accountId: HOUSE_ACCOUNT, network: 'ETH', asset: 'ETH.ETH' };
    const effectiveAt = SPENT.at;
    const gas = { ...common, amount: '0.001', effectiveAt };
    expect(await ordered()).toEqual([
      {
        type: 'ledger.record-gas.v1',
        data: { ...gas, wallet: 'hot', reference: '0xabc', withdrawalId },
      },
      { type: 'ledger.record-gas.v1', data: { ...gas, wallet: 'tank', reference: '0x2' } },
      {
        type: 'ledger.record-gas-top-up.v1',
        data: { ...common, amount: '1', effectiveAt, reference: '0xdef' },
      },
    ]);
    expect(await cases()).toEqual([]);
  });

  it('is booked once of a message that comes twice', async () => {
    const event = spent();

    await saga.take([event, event]);
    await saga.take([event]);

    expect(await ordered()).toHaveLength(1);
  });

  it('is nothing where a chain takes nothing', async () => {
    await saga.take([spent({ amount: '0.000' })]);

    expect([await ordered(), await cases()]).toEqual([[], []]);
  });

  it.each<[string, InboundEvent]>([
    ['gas_above_ceiling', spent({ amount: '0.200000000000000001' })],
    ['gas_above_ceiling', toppedUp({ amount: '10.1' })],
    ['gas_not_native', spent({ asset: 'USDT.ETH' })],
    ['gas_not_native', spent({ asset: 'BNB.BSC' })],
    ['gas_not_native', toppedUp({ asset: 'DOGE.DOGE', network: 'DOGE' })],
    ['gas_of_other_wallet', spent({ wallet: 'tank', purpose: 'payment' })],
    ['gas_of_other_wallet', spent({ wallet: 'hot', purpose: 'top_up' })],
  ])('%s: a person has to look, and nothing is booked', async (trigger, event) => {
    await saga.take([event]);
    await saga.take([{ ...event, id: randomUUID() }]);

    const { change } = event;
    const detail = 'cost' in change ? change.cost : null;
    expect(await cases()).toEqual([{ trigger, withdrawal_id: NO_WITHDRAWAL, detail }]);
    expect(await ordered()).toEqual([]);
  });

  it('of a payment that this wallet never had is booked, and a case: after a restore the coin is gone all the same', async () => {
    const [elsewhere, unknown] = [await place('gateio'), randomUUID()];
    const payment = { purpose: 'payment' } as const;

    await saga.take([
      spent({ ...payment, withdrawalId: elsewhere, txHash: '0x1' }),
      spent({ ...payment, withdrawalId: unknown, txHash: '0x2' }),
    ]);

    expect((await cases()).map(({ trigger, withdrawal_id }) => [trigger, withdrawal_id])).toEqual([
      ['gas_of_no_payment', elsewhere],
      ['gas_of_no_payment', NO_WITHDRAWAL],
    ]);
    expect(await ordered()).toHaveLength(2);
  });

  it('of a whole day is more than anybody expects: one case, and it is booked on', async () => {
    await saga.take([spent({ txHash: '0x0' })]);
    await intake.database.query('UPDATE gas_day SET amount = 49.9985');
    const one = (n: number) => spent({ txHash: `0x${n}` });

    await saga.take([one(1)]); // 49.9995
    expect(await cases()).toEqual([]);
    await saga.take([one(2)]);
    await saga.take([one(3), one(4)]);

    expect(await cases()).toMatchObject([
      { trigger: 'gas_above_day', detail: { asset: 'ETH.ETH', amount: '50.0005' } },
    ]);
    expect(await ordered()).toHaveLength(5);
  });

  it('that the ledger has refused opens one case a day for each withdrawal', async () => {
    const refused = (of: string | undefined): InboundEvent => ({
      id: randomUUID(),
      change: {
        kind: 'cost_refused',
        of,
        command: 'ledger.record-gas.v1',
        commandId: randomUUID(),
        reason: 'reference_reused',
      },
    });
    const of = await place('wallet');

    await saga.take([refused(of), refused(of), refused(undefined)]);

    expect((await cases()).map(({ trigger, withdrawal_id }) => [trigger, withdrawal_id])).toEqual([
      ['gas_refused', of],
      ['gas_refused', NO_WITHDRAWAL],
    ]);
  });
});
