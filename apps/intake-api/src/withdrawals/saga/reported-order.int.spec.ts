import { randomUUID } from 'node:crypto';
import { type ledgerEvents, type VenueEvents, type Message } from '@sluice/messages';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { anOrder } from '../../testkit/a-withdrawal.js';
import { published, type TestInstance } from '../../testkit/given-intake.js';
import { givenIntake, placeOrder } from '../../testkit/given-saga.js';
import { A_TIMED_RECEIPT, anEvent } from '../../testkit/inbound-events.js';
import { changeOfLedgerEvent, changeOfVenueEvent } from './inbound-event.js';
import type { Saga } from './saga.js';

type LedgerEvent = Message<typeof ledgerEvents>;
type VenueEvent = Message<VenueEvents>;

const OTHER = 'f'.repeat(64);

describe('facts that are not of the order that was asked for', () => {
  let intake: TestInstance;
  let saga: Saga;
  let accountId: string;
  beforeAll(async () => void ({ intake, accountId, saga } = await givenIntake()));
  afterAll(() => intake.close());

  /** 5 USDT, fee 1. */
  const placed = async (): Promise<StoredWithdrawal> =>
    (await placeOrder(intake, anOrder({ accountId }))).stored;
  const envelope = (subject: string) => ({
    id: randomUUID(),
    source: 'test',
    subject,
    time: '2026-11-20T08:00:00.000Z',
  });
  async function hold(
    { withdrawal: { order }, digest }: StoredWithdrawal,
    change: Partial<Extract<LedgerEvent, { type: 'ledger.hold-placed.v1' }>['data']>,
  ) {
    const data = {
      withdrawalId: order.id,
      accountId,
      asset: order.asset,
      amount: '6',
      digest,
      timedReceipt: A_TIMED_RECEIPT,
      ...change,
    };
    const message: LedgerEvent = { ...envelope(accountId), type: 'ledger.hold-placed.v1', data };
    await saga.take([{ id: message.id, change: changeOfLedgerEvent(message) }]);
  }
  const stateOf = async (id: string) =>
    (
      await intake.database.query<{ state: string }>('SELECT state FROM withdrawal WHERE id = $1', [
        id,
      ])
    )[0]?.state;
  const casesOf = (id: string) =>
    intake.database.query(
      'SELECT trigger, detail::json -> $2 AS differs FROM withdrawal_case WHERE withdrawal_id = $1',
      [id, 'differs'],
    );
  const submitsOf = async (id: string) =>
    (await published(intake.database, id)).filter(
      ({ type }) => type === 'venue.submit-withdrawal.v1',
    ).length;

  it.each([
    ['of another amount', { amount: '1.11' }, ['total']],
    ['of another asset', { asset: 'USDT.TRX' }, ['asset']],
    ['of another account', { accountId: randomUUID() }, ['accountId']],
    ['of another order', { digest: OTHER }, ['digest']],
  ])('nothing is sent on a hold %s', async (_what, change, differs) => {
    const stored = await placed();
    const { id } = stored.withdrawal.order;

    await hold(stored, change);
    expect([await stateOf(id), await submitsOf(id)]).toEqual(['requested', 0]);
    expect(await casesOf(id)).toEqual([{ trigger: 'hold_not_as_asked', differs }]);

    await hold(stored, { amount: '6.00' }); // asked for again, the ledger reports it as it is
    expect([await stateOf(id), await submitsOf(id)]).toEqual(['submitting', 1]);
  });

  it('what a venue says of another order never confirms this one', async () => {
    const stored = await placed();
    const { id } = stored.withdrawal.order;
    await saga.take([anEvent(id, 'hold_placed'), anEvent(id, 'accepted')]);

    const data = {
      withdrawalId: id,
      venue: 'gateio',
      venueReference: 'v',
      txHash: '0xabc',
      venueFee: null,
      digest: OTHER,
    };
    const settled: VenueEvent = { ...envelope(id), type: 'venue.withdrawal-settled.v1', data };
    await saga.take([{ id: settled.id, change: changeOfVenueEvent(settled) }]);
    expect(await stateOf(id)).toBe('submitted');
    expect(await casesOf(id)).toEqual([
      { trigger: 'venue_fact_not_as_asked', differs: ['digest'] },
    ]);
    expect(await intake.database.query('SELECT target, reason FROM halt')).toEqual([
      { target: 'gateio', reason: 'venue_fact_not_as_asked' },
    ]);

    const right: VenueEvent = {
      ...settled,
      id: randomUUID(),
      data: { ...data, digest: stored.digest },
    };
    await saga.take([{ id: right.id, change: changeOfVenueEvent(right) }]);
    expect(await stateOf(id)).toBe('capturing');
  });

  it('a capture of another amount is not the end of it', async () => {
    const stored = await placed();
    const { id, asset } = stored.withdrawal.order;
    await saga.take([anEvent(id, 'hold_placed'), anEvent(id, 'accepted'), anEvent(id, 'settled')]);

    const data = {
      withdrawalId: id,
      accountId,
      asset,
      amount: '1',
      fee: '1',
      entryId: randomUUID(),
      digest: stored.digest,
    };
    const captured: LedgerEvent = { ...envelope(accountId), type: 'ledger.hold-captured.v1', data };
    await saga.take([{ id: captured.id, change: changeOfLedgerEvent(captured) }]);
    expect(await stateOf(id)).toBe('capturing');
    expect(await casesOf(id)).toEqual([{ trigger: 'hold_not_as_asked', differs: ['amount'] }]);
  });
});
