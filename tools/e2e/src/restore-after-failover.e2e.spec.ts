import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { approvedBy } from '@sluice/admin-client';
import { monotonicMs } from '@sluice/runtime';
import { eventually, type SimulatedPayment } from '@sluice/test-kit';
import { withClient } from '@sluice/test-servers';
import type { Answer } from './testkit/api-client.js';
import { numberOf, recipientOf, toAddress, type Body, type Customer } from './testkit/customer.js';
import { copyDatabases } from './testkit/lost-data.js';
import { TestSystem } from './testkit/given-system.js';

/** A database whose last sign of life is older than this counts as restored. */
const GAP_MS = 16_000;

describe('after an outage or a restore of all databases', () => {
  let sluice: TestSystem;
  let customer: Customer;
  let isOver = false;
  beforeAll(async () => {
    sluice = await TestSystem.startWith({
      more: ['bybit'],
      values: { recordIntervalMs: 1_000 },
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
   * Every database is at the same moment, so two people let the ledger go on whenever it halts because its book went back, and close the
   * auditor's findings about the older book. The ledger halts once more for each lost head that reaches it later.
   */
  const letLedgerGoOn = async (isOver: () => boolean): Promise<void> => {
    for (; !isOver(); await sleep(1_000))
      // A request that a restarting process has taken can stay without an answer for minutes.
      await Promise.race([liftAndClose(), sleep(10_000)]);
  };

  const liftAndClose = async (): Promise<void> => {
    const { admin, approver } = sluice;
    const evidence = 'all databases were restored to one moment';
    const halts = await admin.ledger.bookHalts().catch(() => []);
    if (halts.some(({ lifted_at: lifted }) => lifted === null))
      await approvedBy(approver.ledger, admin.ledger.liftBookHalt({ evidence })).catch(() => 0);
    const findings = await admin.auditor.findings().catch(() => []);
    for (const { id } of findings.filter(({ closed_at: closed }) => closed === null))
      await approvedBy(
        approver.auditor,
        admin.auditor.closeFinding(id, { reason: evidence }),
      ).catch(() => 0);
  };

  it('a service that was only down gives the first order to its venue at once', async () => {
    const query = (sql: string) =>
      withClient(sluice.system.run.databases['intake-api'], (client) => client.query(sql));
    await customer.reaches(numberOf(await customer.post(toAddress())), ['completed']);
    await sleep(6_000); // a sign of life stores the position after this withdrawal
    await query(`UPDATE life SET alive_at = alive_at - interval '1 hour'`);
    await sluice.killNow('intake-api');

    await customer.reaches(numberOf(await customer.postUntilAnswered(toAddress())), ['completed']);
    // the venues are asked meanwhile, because orders of before the outage may have moved
    const life = `SELECT restored, began_at, paused_until > now() - interval '1 hour' AS down FROM life`;
    await eventually(
      async () =>
        expect((await query(life)).rows).toEqual([{ restored: null, began_at: null, down: true }]),
      { withinMs: 60_000 },
    );
  });

  it('clients of restored databases repeat themselves after withdrawals had failed over: each withdrawal returns under its number, and no venue pays again what another has paid', async () => {
    const copiedAt = monotonicMs();
    const putBack = await copyDatabases(sluice.system);
    const bodies = ['11', '12', '13'].map((amount) => toAddress({ amount }));
    const numbers: number[] = [];
    for (const [index, body] of bodies.entries()) {
      if (index > 0) await gateioIsPoor();
      const number = numberOf(await customer.postUntilAnswered(body));
      await customer.reaches(number, ['completed']);
      numbers.push(number);
    }
    const before = [['gateio'], ['bybit'], ['bybit']];
    expect(await Promise.all(bodies.map(paymentsOf))).toEqual(before);

    await sleep(Math.max(0, copiedAt + GAP_MS - monotonicMs()));
    const restored = putBack();
    // A connector is not ready without a permit, which an early finding withdraws: people act meanwhile.
    const going = letLedgerGoOn(() => isOver);
    await restored;
    const again = await Promise.all(bodies.map((body) => untilTaken(body)));
    expect(again.map(numberOf)).toEqual(numbers);
    for (const number of numbers) await customer.reaches(number, ['completed'], 60_000);

    expect(await Promise.all(bodies.map(paymentsOf))).toEqual(before);
    const anew = { ...bodies[2], client_reference: randomUUID() };
    await customer.reaches(numberOf(await untilTaken(anew)), ['completed'], 120_000);
    expect(await Promise.all(bodies.map(paymentsOf))).toEqual([
      ['gateio'],
      ['bybit'],
      ['gateio', 'bybit'],
    ]);
    isOver = true;
    await going;
  }, 400_000);

  /** New requests receive `503` until the lost withdrawals are on record again. */
  const untilTaken = (body: Body): Promise<Answer> =>
    eventually(
      async () => {
        const answer = await customer.post(body);
        if (answer.status >= 500) throw new Error(`${answer.status} ${answer.message}`);
        return answer;
      },
      { withinMs: 180_000, everyMs: 1_000 },
    );
});
