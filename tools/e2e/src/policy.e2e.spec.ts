import { randomUUIDv7 } from 'node:crypto';
import { type LaunchedService, kafkaAccessOf } from '@sluice/stack';
import { eventually, type SimulatedPayment } from '@sluice/test-kit';
import { KafkaWriter } from './attacks/testkit/foothold.js';
import type { Answer } from './testkit/api-client.js';
import { isOneOf, numberOf, toAddress, type Body, type Customer } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';
import {
  approvalAbove,
  dayLimit,
  PEOPLE,
  publishPolicy,
  voteOn,
} from './testkit/spending-policy.js';

/** Two instances of the ledger decide under one rule set, each rule for an account of its own. */
describe('the spending policy, with real processes', () => {
  let sluice: TestSystem;
  let second: LaunchedService;
  let kafka: KafkaWriter;
  let ten: Customer;
  let crowd: readonly Customer[];
  let waiting: Customer;
  const events: { readonly type: string; readonly id: string }[] = [];

  beforeAll(async () => {
    sluice = await TestSystem.start();
    second = await sluice.system.launch('ledger');
    const opened = await Promise.all(Array.from({ length: 14 }, () => sluice.customer()));
    [ten, waiting] = [opened[0]!, opened[1]!];
    crowd = opened.slice(2);
    const big = { above: '100', group: 'treasury', need: 2 };
    await publishPolicy(sluice, {
      groups: { treasury: { people: PEOPLE, passkey: false } },
      rules: [
        dayLimit('ten-payments', [ten.accountId], '55'),
        dayLimit(
          'thirty-payments',
          crowd.map(({ accountId }) => accountId),
          '160',
        ),
        approvalAbove('big', waiting.accountId, big),
        dayLimit('waiting-day', [waiting.accountId], '10000'),
      ],
    });
    kafka = new KafkaWriter(kafkaAccessOf(sluice.system.run));
    await kafka.read('withdrawal.events', ({ headers, value }) => {
      const { withdrawalId } = JSON.parse(value) as { withdrawalId: string };
      events.push({ type: headers['ce_type'] ?? '', id: withdrawalId });
    });
  });
  afterEach(() => sluice.proveBooks());
  afterAll(async () => {
    await kafka.stop();
    await second.stop();
    await sluice.stop();
  });

  const paymentsOf = async (...bodies: readonly Body[]): Promise<readonly SimulatedPayment[]> =>
    (await sluice.venue.payments()).filter(isOneOf(bodies));
  const preview = (customer: Customer, body: Body): Promise<Answer> =>
    customer.api.send({
      method: 'POST',
      target: '/v1/withdrawals/preview',
      body: JSON.stringify({ ...body, client_reference: randomUUIDv7() }),
    });
  const withStatus = (answers: readonly Answer[], status: number): readonly Answer[] =>
    answers.filter((answer) => answer.status === status);
  const statusesOf = (answers: readonly Answer[]): object =>
    Object.fromEntries(
      [...Map.groupBy(answers, ({ status }) => status)].map(([status, all]) => [
        status,
        all.length,
      ]),
    );
  const remainderOf = async (customer: Customer): Promise<unknown> =>
    (await preview(customer, toAddress({ amount: '99999' }))).data['remaining'];
  const typesOf = (id: string): readonly string[] =>
    events.filter((event) => event.id === id).map(({ type }) => type);

  /** A payment of 500, which waits for people. */
  async function asked(): Promise<{ body: Body; id: string; number: number }> {
    const body = toAddress({ amount: '500' });
    const answer = await waiting.postUntilAnswered(body); // a ledger may have been killed just now
    expect(answer).toMatchObject({ status: 200, data: { status: 'pending' } });
    const number = numberOf(answer);
    const shown = await waiting.get(number);
    expect(shown.data).toMatchObject({ status: 'pending', stage: 'awaiting_approval' });
    expect(await paymentsOf(body)).toEqual([]);
    return { body, number, id: (await sluice.admin.intake.withdrawal(number)).id };
  }

  it('accepts exactly ten of fifty concurrent requests, and refuses the others with the rule and the remainder', async () => {
    const bodies = Array.from({ length: 50 }, () => toAddress());

    const answers = await Promise.all(bodies.map((body) => ten.postUntilAnswered(body)));

    expect(statusesOf(answers)).toEqual({ 200: 10, 403: 40 });
    const limit = { rule: 'ten-payments', remaining: '2.5', unit: 'USDT.ETH' };
    for (const { message, data } of withStatus(answers, 403)) {
      expect(message).toBe('Withdrawal exceeds a limit of the spending policy');
      expect(data).toEqual({ ...limit, frees_at: expect.any(String) });
    }
    await ten.allFinal();
    expect(await paymentsOf(...bodies)).toHaveLength(10);
    expect(await preview(ten, toAddress())).toMatchObject({ status: 403, data: limit });
    expect(await preview(ten, toAddress({ amount: '2.5' }))).toMatchObject({
      status: 200,
      data: { stage: null },
    });
  });

  it('counts no request twice when a ledger dies after a commit, under one limit of twelve accounts', async () => {
    await sluice.outboxesDrained();
    await sluice.restartWith('ledger', { FAULT_AT: 'ledger.after-commit' });
    const died = sluice.system.ended('ledger');
    const asks = Array.from({ length: 60 }, (_, at) => ({
      customer: crowd[at % crowd.length]!,
      body: toAddress(),
    }));

    const answers = await Promise.all(
      asks.map(({ customer, body }) => customer.postUntilAnswered(body)),
    );

    expect((await died).signal).toBe('SIGKILL');
    await sluice.system.untilReady('ledger');
    expect(statusesOf(answers)).toEqual({ 200: 30, 403: 30 });
    expect(new Set(withStatus(answers, 200).map(numberOf)).size).toBe(30);
    await Promise.all(crowd.map((customer) => customer.allFinal()));
    expect(await paymentsOf(...asks.map(({ body }) => body))).toHaveLength(30);
    expect(await remainderOf(crowd[0]!)).toBe('2.5');
  });

  it('previews the approval of people', async () => {
    const stages = await Promise.all(
      ['100', '500'].map(async (amount) => (await preview(waiting, toAddress({ amount }))).data),
    );

    expect(stages).toMatchObject([{ stage: null }, { stage: 'awaiting_approval' }]);
  });

  it('pays once after two people have approved, with a ledger killed -9 between the votes', async () => {
    const { body, id, number } = await asked();
    expect(await voteOn(sluice.admin.ledger, id)).toMatchObject({ state: 'open' });

    await sluice.killNow('ledger');

    const votes = [expect.objectContaining({ person: PEOPLE[0], decision: 'approve' })];
    expect(await sluice.admin.ledger.paymentApproval(id)).toMatchObject({ state: 'open', votes });
    expect(await paymentsOf(body)).toEqual([]);
    expect(await voteOn(sluice.approver.ledger, id)).toMatchObject({ state: 'granted' });
    await waiting.reaches(number, ['completed'], 60_000);
    expect(await paymentsOf(body)).toHaveLength(1);
    await eventually(() => expect(typesOf(id)).toContain('withdrawal.completed.v1'), {
      withinMs: 30_000,
    });
    expect(typesOf(id)).toEqual(
      ['awaiting_approval', 'submitting', 'broadcast', 'completed'].map(
        (state) => `withdrawal.${state}.v1`,
      ),
    );
  });

  it('is failed after the refusal of one person, and its money is free', async () => {
    const before = await waiting.balance();
    const { body, id, number } = await asked();
    await voteOn(sluice.admin.ledger, id);
    await voteOn(sluice.approver.ledger, id, 'refuse');

    await waiting.reaches(number, ['failed']);
    expect((await waiting.get(number)).data).toMatchObject({
      status: 'failed',
      error_code: 'approval_refused',
    });
    expect(await paymentsOf(body)).toEqual([]);
    expect(await waiting.balance()).toEqual(before);
    expect(await remainderOf(waiting)).toBe('9500');
  });

  it('is cancelled by its customer while it waits, and its money is free', async () => {
    const before = await waiting.balance();
    const { body, id, number } = await asked();
    expect(await waiting.cancel(number)).toMatchObject({ status: 200 });

    await waiting.reaches(number, ['cancelled']);
    expect(await paymentsOf(body)).toEqual([]);
    expect(await waiting.balance()).toEqual(before);
    await expect(voteOn(sluice.admin.ledger, id)).rejects.toThrow('waits no more');
  });

  it('has checked some rows in every check', () => sluice.expectPopulated());
});
