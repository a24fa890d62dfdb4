import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { approvedBy } from '@sluice/admin-client';
import { monotonicMs } from '@sluice/runtime';
import type { SimulatedPayment } from '@sluice/test-kit';
import { numberOf, recipientOf, toAddress, type Body, type Customer } from './testkit/customer.js';
import { DatabaseCopies } from './testkit/database-copies.js';
import { TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';

/** A database whose last sign of life is older than this counts as restored. */
const GAP_MS = 16_000;

describe('all databases are restored after withdrawals had failed over', () => {
  let sluice: TestSystem;
  let customer: Customer;
  let isOver = false;
  beforeAll(async () => {
    sluice = await TestSystem.startWith({
      more: ['bybit'],
      settings: { RECORD_INTERVAL_MS: '1000' },
    });
    customer = await sluice.customer();
  });
  afterAll(() => {
    isOver = true;
    return sluice.stop();
  });

  const paidBy = async (venue: 'gateio' | 'bybit', body: Body): Promise<SimulatedPayment[]> => {
    const payments = await sluice.venueNamed(venue).payments();
    return payments.filter(({ destination }) => destination === recipientOf(body));
  };
  const paymentsOf = async (body: Body) => [
    ...(await paidBy('gateio', body)).map(() => 'gateio'),
    ...(await paidBy('bybit', body)).map(() => 'bybit'),
  ];
  const gateioIsPoor = () =>
    sluice.venue.arm('POST /withdrawals', 'refuse_with', {
      http_status: 400,
      body: JSON.stringify({ label: 'BALANCE_NOT_ENOUGH', message: 'no' }),
    });

  /**
   * Every database is at the same moment, so two people let the ledger go on whenever it halts because its book went back. It halts once
   * more for each lost head that reaches it later.
   */
  const letLedgerGoOn = async (isOver: () => boolean): Promise<void> => {
    const { admin, approver } = sluice;
    const evidence = 'all databases were restored to one moment';
    for (; !isOver(); await sleep(1_000)) {
      const halts = await admin.ledger.bookHalts().catch(() => []);
      if (halts.some(({ lifted_at: lifted }) => lifted === null))
        await approvedBy(approver.ledger, admin.ledger.liftBookHalt({ evidence })).catch(() => 0);
    }
  };

  it('and the clients repeat themselves: no venue pays again what another has paid, and people decide', async () => {
    const copiedAt = monotonicMs();
    const copies = await DatabaseCopies.take(sluice.system);
    const own = toAddress({ amount: '11' });
    const [paid, wished] = [toAddress({ amount: '12' }), toAddress({ amount: '13' })];
    const first = await customer.postUntilAnswered(own);
    await customer.reaches(numberOf(first), ['completed']);
    for (const body of [paid, wished]) {
      await gateioIsPoor();
      const done = await customer.postUntilAnswered(body);
      await customer.reaches(numberOf(done), ['completed']);
    }
    const before = [['gateio'], ['bybit'], ['bybit']];
    expect(await Promise.all([own, paid, wished].map(paymentsOf))).toEqual(before);

    await sleep(Math.max(0, copiedAt + GAP_MS - monotonicMs()));
    await copies.restore();
    const going = letLedgerGoOn(() => isOver);
    const again: number[] = [];
    for (const body of [own, paid, wished])
      again.push(numberOf(await customer.postUntilAnswered(body)));
    await customer.reaches(again[0], ['completed'], 60_000);
    const undecided = [];
    for (const number of again.slice(1))
      undecided.push(await customer.reaches(number, ['undecided', 'completed'], 60_000));

    expect(await Promise.all([own, paid, wished].map(paymentsOf))).toEqual(before);
    const [payment] = await paidBy('bybit', paid);
    expect(undecided[0]).toMatchObject({ state: 'undecided', venue: 'bybit', tried: ['gateio'] });
    expect(undecided[0]?.cases.map(({ trigger }) => trigger)).toEqual(['may_be_paid_already']);
    const { json } = await operate(sluice, ['breaks', 'list', '--venue', 'bybit']);
    expect(json).toContainEqual(
      expect.objectContaining({
        kind: 'orphan',
        subject: payment?.id,
        asset: 'USDT',
        amount: '12',
        recipient: expect.stringContaining(recipientOf(paid)),
      }),
    );

    const evidence = 'compared with the book of the venue';
    await sluice.decide('bybit', undecided[0]?.id ?? '', {
      decision: 'paid',
      evidence,
      venue_reference: payment?.id ?? '',
    });
    await sluice.decide('bybit', undecided[1]?.id ?? '', { decision: 'absent', evidence });
    await customer.reaches(again[1], ['completed']);
    await customer.reaches(again[2], ['failed']);
    const anew = { ...wished, client_reference: randomUUID() };
    await sleep(3_000); // until the decision is reported
    await customer.reaches(
      numberOf(await customer.postUntilAnswered(anew)),
      ['completed'],
      120_000,
    );
    expect(await Promise.all([own, paid].map(paymentsOf))).toEqual([['gateio'], ['bybit']]);
    expect(await paymentsOf(wished)).toEqual(['gateio', 'bybit']);
    isOver = true;
    await going;
  }, 300_000);
});
