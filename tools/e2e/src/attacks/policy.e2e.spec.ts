import { type AdminTarget, LedgerAdmin } from '@sluice/admin-client';
import { ServiceCredential } from '@sluice/service-shell';
import { Secret } from '@sluice/runtime';
import { signProof } from '@sluice/signing';
import { layoutOf, loadSecrets } from '@sluice/stack';
import { eventually, passkeyHeader, softwarePasskey } from '@sluice/test-kit';
import { numberOf, toAddress, type Body, type Customer } from '../testkit/customer.js';
import {
  approvalAbove,
  dayLimit,
  PEOPLE,
  publishPolicy,
  voteOn,
} from '../testkit/spending-policy.js';
import { AttackedSystem, unaskedPayments, THIEF } from './testkit/attacked-system.js';
import { Foothold, forgedOrder, type ForgedOrder } from './testkit/foothold.js';

const PROOF = `1.${'A'.repeat(43)}`;
const ANSWERED_WITHIN_MS = 20_000;

interface Seen {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The accounts have no signers: the spending policy alone stands between a thief and the balance. */
describe('the spending policy, against', () => {
  let target: AttackedSystem;
  let intake: Foothold;
  let limited: Customer;
  let waiting: Customer;
  let guarded: Customer;
  const events: Seen[] = [];

  beforeAll(async () => {
    target = await AttackedSystem.start('bybit');
    intake = new Foothold(target.sluice.system, 'intake-api');
    [limited, waiting, guarded] = [
      await target.sluice.customer(),
      await target.sluice.customer(),
      await target.sluice.customer(),
    ];
    await publishPolicy(target.sluice, {
      groups: {
        treasury: { people: PEOPLE, passkey: false },
        vault: { people: [...PEOPLE, 'vera', 'viktor'], passkey: true },
      },
      rules: [
        dayLimit('hundred', [limited.accountId], '100'),
        approvalAbove('big', waiting.accountId, { above: '100', group: 'treasury', need: 2 }),
        approvalAbove('vault', guarded.accountId, { above: '100', group: 'vault', need: 2 }),
      ],
    });
    await target.kafka.read('ledger.events', ({ headers, value }) => {
      events.push({ type: headers['ce_type'] ?? '', data: JSON.parse(value) });
    });
  });
  afterEach(async () => {
    expect(await unaskedPayments(target.books, target.sluice.customers)).toEqual([]);
  });
  afterAll(async () => {
    await intake.stop();
    await target.stop();
  });

  const eventsOf = ({ withdrawalId }: { withdrawalId: string }): readonly Seen[] =>
    events.filter(({ data }) => data['withdrawalId'] === withdrawalId);
  const typesOf = (order: ForgedOrder): readonly string[] =>
    eventsOf(order).map(({ type }) => type.split('.')[1] ?? '');
  const receiptsOf = (order: ForgedOrder): readonly unknown[] =>
    eventsOf(order).flatMap(({ data }) => data['timedReceipt'] ?? []);
  const commands = (type: string, order: ForgedOrder, data: object): Promise<void> =>
    intake.says('ledger.commands', type, order.accountId, {
      withdrawalId: order.withdrawalId,
      accountId: order.accountId,
      ...data,
    });
  const places = (order: ForgedOrder): Promise<void> =>
    commands('ledger.place-hold.v1', order, order.hold);
  /** Waits for this number of answers of the ledger. */
  const answers = (order: ForgedOrder, count: number): Promise<void> =>
    eventually(() => expect(typesOf(order).length).toBeGreaterThanOrEqual(count), {
      withinMs: ANSWERED_WITHIN_MS,
    });
  const ledgerAs = (person: string, more: Pick<AdminTarget, 'passkey'> = {}): LedgerAdmin => {
    const { system } = target.sluice;
    return new LedgerAdmin({
      service: 'ledger',
      baseUrl: system.run.internal['ledger'] ?? '',
      timeoutMs: 10_000,
      token: () => system.issuer.tokenOf(person),
      ...more,
    });
  };
  /** With an authenticator that is not registered. */
  const withForeignPasskey = (person: string): LedgerAdmin => {
    const passkey = softwarePasskey();
    return ledgerAs(person, {
      passkey: async (call) => (call.method === 'POST' ? passkeyHeader(passkey, call) : null),
    });
  };
  const intakeAtLedger = (): LedgerAdmin => {
    const { home, run } = target.sluice.system;
    const { serviceKeys } = loadSecrets(layoutOf(home).secrets);
    const key = new Secret(serviceKeys['intake-api']);
    const credential = new ServiceCredential('intake-api', 'ledger', key, () => new Date());
    return new LedgerAdmin({
      service: 'ledger',
      baseUrl: run.internal['ledger'] ?? '',
      timeoutMs: 10_000,
      token: () => credential.token(),
    });
  };

  describe('a writer of every topic without a key', () => {
    it.each<[string, object]>([
      [
        'hold-placed',
        {
          venue: 'gateio',
          timedReceipt: `${new Date(Date.now() + 3_600_000).toISOString()}~${PROOF}`,
        },
      ],
      ['approval-ended', { reason: 'approval_refused' }],
    ])('ends no wait by a forged ledger.%s.v1', async (event, facts) => {
      const body = toAddress({ amount: '500' });
      const { id } = await waits(waiting, body);
      const { accountId } = waiting;
      const hold = { withdrawalId: id, accountId, asset: 'USDT.ETH', amount: '501.5' };

      const noticed = await target.survives(() =>
        target.kafka.write('ledger.events', `ledger.${event}.v1`, accountId, { ...hold, ...facts }),
      );

      expect(noticed.join('\n')).toContain('intake-api: dead letter');
      expect((await target.sluice.admin.intake.withdrawal(id)).state).toBe('awaiting_approval');
      expect(await target.paymentsTo(body)).toEqual([]);
    });
  });

  describe('the tokens of people', () => {
    const refusedVotes = async (by: string): Promise<readonly (number | null)[]> => {
      const { data: entries } = await ledgerAs('audrey').auditEntries({ by, limit: 500 });
      return entries
        .filter(({ route, status }) => route.endsWith('/votes') && (status ?? 0) >= 400)
        .map(({ status }) => status);
    };

    it('of one operator approve nothing', async () => {
      const body = toAddress({ amount: '500' });
      const { id } = await waits(waiting, body);

      await expect(voteOn(ledgerAs('olivia'), id)).rejects.toThrow('it takes the role approve');

      expect(await ledgerAs('peter').paymentApproval(id)).toMatchObject({ state: 'open' });
      expect(await target.paymentsTo(body)).toEqual([]);
      expect(await refusedVotes('olivia')).toEqual([403]);
    });

    it('of one approver count once, however many', async () => {
      const body = toAddress({ amount: '500' });
      const { id } = await waits(waiting, body);
      await voteOn(ledgerAs('peter'), id);

      await expect(voteOn(ledgerAs('peter'), id)).rejects.toThrow('has decided');

      expect(await ledgerAs('peter').paymentApproval(id)).toMatchObject({ state: 'open' });
      expect(await target.paymentsTo(body)).toEqual([]);
      expect(await refusedVotes('peter')).toEqual([409]);
    });

    it('of two approvers without their authenticators approve nothing in a group with passkeys', async () => {
      const body = toAddress({ amount: '500' });
      const { id } = await waits(guarded, body);
      const before = await refusedVotes('demo');

      for (const person of PEOPLE)
        for (const ledger of [ledgerAs(person), withForeignPasskey(person)])
          await expect(voteOn(ledger, id)).rejects.toThrow(/passkey/i);

      expect(await ledgerAs('peter').paymentApproval(id)).toMatchObject({
        state: 'open',
        needs_passkey: true,
        votes: [],
      });
      expect(await target.paymentsTo(body)).toEqual([]);
      expect((await refusedVotes('demo')).slice(before.length)).toEqual([403, 403]);
    });
  });

  describe('everything that intake-api has', () => {
    const big = (): ForgedOrder =>
      forgedOrder(waiting.accountId, { address: THIEF, amount: '5000' });

    it('gives no receipt for a payment that waits, by any order of its commands', async () => {
      const order = big();
      const proof = signProof(intake.keys.with('ledger'), {
        says: 'nothing moved',
        ...order,
        venue: 'gateio',
      });
      const assign = { venue: 'bybit', from: 'gateio', submitWithinMs: 60_000 };
      await places(order);
      await answers(order, 1);
      await commands('ledger.assign-hold.v1', order, { ...assign, proof });
      await commands('ledger.assign-hold.v1', order, { ...assign, proof, releaseIfRefused: true });
      await commands('ledger.start-submission.v1', order, {});
      await places(order);
      await answers(order, 5);
      await commands('ledger.release-hold.v1', order, { reason: 'cancelled', proof });
      await places(order);
      await answers(order, 7);

      expect(typesOf(order)[0]).toBe('approval-asked');
      expect(receiptsOf(order)).toEqual([]);
      await expect(voteOn(target.sluice.admin.ledger, order.withdrawalId)).rejects.toThrow(
        'waits no more',
      );
    });

    it('gives no receipt by sending the lost hold again, nor by a copy under another id', async () => {
      const [order, copy] = [big(), big()];
      const again = ({ withdrawalId, hold }: ForgedOrder) => ({
        withdrawal_id: withdrawalId,
        commands: [{ type: 'ledger.place-hold.v1' as const, data: JSON.stringify(hold) }],
      });
      await intakeAtLedger().sendAgain({ withdrawals: [again(order), again(copy)] });
      await places(order);
      await answers(order, 1);

      expect(receiptsOf(order)).toEqual([]);
      expect(receiptsOf(copy)).toEqual([]);
      expect(await ledgerAs('peter').paymentApproval(order.withdrawalId)).toMatchObject({
        state: 'open',
        votes: [],
      });
    });

    it('gives no receipt for a payment whose command hides what the people must see', async () => {
      const order = big();
      const { destination: _hidden, ...blind } = order.hold;
      await commands('ledger.place-hold.v1', order, blind);
      const expiring = big();
      const expiresAt = new Date(Date.now() + 600_000).toISOString();
      await commands('ledger.place-hold.v1', expiring, { ...expiring.hold, expiresAt });
      await Promise.all([answers(order, 1), answers(expiring, 1)]);

      for (const one of [order, expiring]) {
        expect(typesOf(one)).toEqual(['hold-refused']);
        expect(receiptsOf(one)).toEqual([]);
      }
    });

    it('approves nothing: a service is no person', async () => {
      const order = big();
      await places(order);
      await answers(order, 1);
      const { digest } = await ledgerAs('peter').paymentApproval(order.withdrawalId);

      await expect(
        intakeAtLedger().voteOnPayment(order.withdrawalId, { decision: 'approve', digest }),
      ).rejects.toThrow('The service intake-api may not call this');
    });

    it('pays no more than a limit by new ids and references', async () => {
      const orders = Array.from({ length: 30 }, (_, at) =>
        forgedOrder(limited.accountId, {
          address: THIEF,
          amount: '9.5',
          ...(at % 2 === 0 && { reference: `w${String(at).padStart(2, '0')}${'A'.repeat(21)}` }),
        }),
      );
      await Promise.all(orders.map(places));
      await Promise.all(orders.map((order) => answers(order, 1)));

      const withReceipt = orders.filter((order) => receiptsOf(order).length > 0);
      expect(withReceipt).toHaveLength(10);
      const refused = orders.filter((order) => typesOf(order)[0] === 'hold-refused');
      expect(refused).toHaveLength(20);
      const reasons = refused.flatMap((order) => eventsOf(order).map(({ data }) => data['reason']));
      expect(new Set(reasons)).toEqual(new Set(['limit_exceeded']));
    });
  });

  async function waits(customer: Customer, body: Body): Promise<{ readonly id: string }> {
    const { id } = await target.sluice.admin.intake.withdrawal(numberOf(await customer.post(body)));
    expect(await ledgerAs('peter').paymentApproval(id)).toMatchObject({ state: 'open' });
    return { id };
  }
});
