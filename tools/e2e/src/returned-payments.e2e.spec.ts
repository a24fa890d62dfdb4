import { randomUUID } from 'node:crypto';
import type { CreatedWebhookDto } from '@sluice/http-api';
import { Amount, type Asset } from '@sluice/kernel';
import { WebhookReceiver, freshTimestamp } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { numberOf, toAddress, type Body, type Customer } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';

/** A webhook's second attempt comes a minute after the first one; a machine may be busy. */
const ARRIVES_WITHIN_MS = 150_000;

describe('a payment that comes back after it was completed', () => {
  let sluice: TestSystem;
  let receiver: WebhookReceiver;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await TestSystem.startWith({ more: ['upvest'], values: { returnIntervalMs: 500 } });
    receiver = await WebhookReceiver.start();
    customer = await sluice.customer({
      permissions: ['withdraw', 'read_withdrawal_status', 'read_balance', 'manage_webhooks'],
    });
    await customer.fund('1000', 'EUR', 'SEPA');
    await register();
  });
  afterEach(() => sluice.proveBooks());
  afterAll(async () => {
    await sluice.stop();
    await receiver.stop();
  });

  it('from a bank is credited once, while every service that takes part is killed', async () => {
    const body = await toBank();
    await sluice.venueNamed('upvest').settings({
      returned_reference_accounts: [(body['destination'] as Bank).reference_account_id],
      status_ms: { NEW: 0, PROCESSING: 0, CONFIRMED: 2_000 },
    });
    const number = numberOf(await customer.post(body));
    const { id } = await customer.reaches(number, ['completed']);
    const before = await available('EUR.SEPA');

    for (let round = 0; round < 2; round++)
      for (const name of ['connector-upvest', 'intake-api', 'ledger'] as const)
        await sluice.killNow(name);

    const returned = await customer.reaches(number, ['returned'], 60_000);
    expect(returned).toMatchObject({ returned_amount: '12.5', venue: 'upvest' });
    expect(await available('EUR.SEPA')).toBe(plus(before, '12.50', 'EUR.SEPA'));
    expect(await returnsOf(id)).toEqual([['clearing:upvest', `customer:${customer.accountId}`]]);
    expect(await customer.get(number)).toMatchObject({
      data: { status: 'confirmed', returned_amount: '12.50' },
    });
    await informed(number, '12.50');
  });

  it('in part is credited by the decision of two people, once, and shown with its amount', async () => {
    const number = numberOf(await customer.post(toAddress()));
    const { id } = await customer.reaches(number, ['completed']);
    const before = await available('USDT.ETH');
    const evidence = 'ticket 4711 of the venue';

    await sluice.decide('gateio', id, {
      decision: 'returned',
      evidence,
      venue_reference: null,
      amount: '5',
    });

    await customer.reaches(number, ['returned']);
    expect(await available('USDT.ETH')).toBe(plus(before, '5', 'USDT.ETH'));
    expect(await returnsOf(id)).toHaveLength(1);
    await informed(number, '5.000000');
    expect(await operate(sluice, ['withdrawal', 'show', String(number)])).toMatchObject({
      exitCode: 0,
      json: { state: 'returned', returned_amount: '5', submission: { state: 'returned' } },
    });
  });

  /** 12.50 EUR to the bank account of the simulated Upvest's first user. */
  async function toBank(): Promise<Body> {
    const { user_id, account_group_id, reference_account_id } = await sluice
      .venueNamed('upvest')
      .credentials();
    return {
      currency: 'EUR',
      network: 'SEPA',
      destination: { type: 'reference_account', user_id, account_group_id, reference_account_id },
      amount: '12.50',
      client_reference: randomUUID(),
    };
  }

  async function available(asset: Asset): Promise<string> {
    const [currency, network] = asset.split('.');
    return plus((await customer.balance(currency, network))?.available ?? '', '0', asset);
  }

  /** Accounts of each entry that credited this withdrawal's return. */
  async function returnsOf(id: string): Promise<readonly (readonly string[])[]> {
    const entries = await sluice.admin.ledger.entriesOf(id);
    return entries
      .filter(({ kind }) => kind === 'return')
      .map(({ postings }) => postings.map(({ account }) => account).toSorted());
  }

  async function register(): Promise<void> {
    const { text } = await customer.api.send({
      method: 'POST',
      target: '/v1/webhooks',
      timestamp: freshTimestamp(),
      body: JSON.stringify({ url: receiver.url, events: ['withdrawal.returned'] }),
    });
    receiver.trust((JSON.parse(text) as { readonly data: CreatedWebhookDto }).data.secret);
  }

  /** The customer's webhook has the return, with one id however often it was sent. */
  async function informed(number: number, amount: string): Promise<void> {
    const about = () => receiver.about(number, 'withdrawal.returned');
    await eventually(() => expect(about()).not.toEqual([]), { withinMs: ARRIVES_WITHIN_MS });
    expect(about()[0]).toMatchObject({ verified: true, data: { returned_amount: amount } });
    expect(new Set(about().map(({ id }) => id)).size).toBe(1);
  }
});

function plus(amount: string, more: string, asset: Asset): string {
  return Amount.of(amount, asset).plus(Amount.of(more, asset)).toString();
}

interface Bank {
  readonly reference_account_id: string;
}
