import { approvedBy } from '@sluice/admin-client';
import { ownerUrlOf, Databases } from '@sluice/stack';
import { Amount } from '@sluice/kernel';
import { eventually } from '@sluice/test-kit';
import { withClient } from '@sluice/test-servers';
import { numberOf, recipientOf, toAddress, type Body, type Customer } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';

const FUNDS = '1000000';
const SOON = { withinMs: 30_000, everyMs: 100 };
const EVIDENCE = 'only the database of the ledger was restored';

describe('a ledger whose database alone is put back', () => {
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await TestSystem.start();
    customer = await sluice.customer({ funds: FUNDS });
  });
  afterAll(() => sluice.stop());

  it('halts, gets back each capture by one command of two people, and then agrees with every recipient', async () => {
    const before = [toAddress()];
    const held = [toAddress(), toAddress()];
    const after = [toAddress(), toAddress()];
    await paid(before);
    await sluice.system.kill('connector-gateio', 'SIGSTOP');
    await Promise.all(held.map((body) => customer.post(body, { wait: 0 })));
    await eventually(async () => expect(await statesOf(held)).toEqual(['submitting']), SOON);
    const databases = Databases.ofSystem(sluice.system);
    await databases.backUp(['ledger'], 'backup');
    await sluice.system.kill('connector-gateio', 'SIGCONT');
    await paid([...held, ...after]);
    await headsPublished();
    const booked = await customer.balance();

    await databases.restoreBackup('ledger', 'backup');
    await sluice.system.kill('ledger');

    await eventually(async () => expect(await bookHalt()).toMatch(/database was put back/), SOON);
    await compareNow();
    await eventually(async () => {
      const { differences, is_sweeping: isSweeping } =
        await sluice.admin.intake.ledgerDifferences();
      expect([differences.map(({ kind }) => kind).sort(), isSweeping]).toEqual([
        ['capture_missing', 'capture_missing', 'hold_missing', 'hold_missing'],
        false,
      ]);
    }, SOON);
    expect((await customer.balance())?.balance).not.toBe(booked?.balance);
    expect((await customer.post(toAddress())).status).toBe(503);
    expect((await operate(sluice, ['invariants', 'check'])).exitCode).toBe(1);

    await operate(sluice, ['ledger', 'recover', '--evidence', EVIDENCE]);
    const [asked] = await sluice.approver.intake.approvals();
    await sluice.approver.intake.approve(asked?.id ?? '');

    expect(await sluice.admin.intake.ledgerDifferences()).toMatchObject({ open: 0, resolved: 4 });
    expect(await customer.balance()).toEqual(booked);
    await goOn();
    const last = [toAddress()];
    await paid(last);
    expect(await customer.balance()).toMatchObject({ balance: await whatIsLeft(), held: '0' });
    const payments = await sluice.venue.payments();
    for (const body of [...before, ...held, ...after, ...last])
      expect(payments.filter((one) => one.destination === recipientOf(body))).toHaveLength(1);
  }, 120_000);

  const paid = async (bodies: readonly Body[]): Promise<void> => {
    const answers = await Promise.all(bodies.map((body) => customer.postUntilAnswered(body)));
    for (const answer of answers)
      expect((await customer.isFinal(numberOf(answer))).state).toBe('completed');
  };
  const statesOf = async (bodies: readonly Body[]): Promise<readonly string[]> => {
    const references = new Set(bodies.map((body) => body.client_reference));
    const rows = (await customer.withdrawals()).filter(({ client_reference: reference }) =>
      references.has(reference ?? ''),
    );
    expect(rows).toHaveLength(bodies.length);
    return [...new Set(rows.map(({ state }) => state))];
  };
  const bookHalt = async (): Promise<string> => {
    const halts = await sluice.admin.ledger.bookHalts();
    return halts.find(({ lifted_at: lifted }) => lifted === null)?.reason ?? 'not halted';
  };

  /** What the customer had, less what recipients got and the fees of it. */
  async function whatIsLeft(): Promise<string> {
    const rows = await customer.withdrawals();
    const spent = rows.flatMap(({ amount, fee }) => [amount, fee]);
    return spent
      .reduce((left, one) => left.minus(Amount.of(one, 'USDT.ETH')), Amount.of(FUNDS, 'USDT.ETH'))
      .toString();
  }

  async function goOn(): Promise<void> {
    const { admin, approver } = sluice;
    await approvedBy(approver.ledger, admin.ledger.liftBookHalt({ evidence: EVIDENCE }));
    for (const { id, lifted_at: lifted } of await admin.intake.halts())
      if (lifted === null)
        await approvedBy(approver.intake, admin.intake.liftHalt(id, { evidence: EVIDENCE }));
  }

  /** As it does each minute by itself. */
  const compareNow = () =>
    inDatabase('intake-api', 'UPDATE ledger_comparison SET next_run_at = clock_timestamp()');

  async function headsPublished(): Promise<void> {
    await eventually(async () => {
      const behind = 'SELECT FROM chain_head WHERE published < sequence';
      expect(await inDatabase('ledger', behind)).toBe(0);
      expect(await inDatabase('ledger', 'SELECT FROM outbox')).toBe(0);
    }, SOON);
  }

  async function inDatabase(service: 'ledger' | 'intake-api', sql: string): Promise<number> {
    const { rowCount } = await withClient(ownerUrlOf(sluice.system, service), (client) =>
      client.query(sql),
    );
    return rowCount ?? 0;
  }
});
