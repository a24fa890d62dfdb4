import { Amount } from '@sluice/kernel';
import {
  toAddress,
  toUser,
  numberOf,
  recipientOf,
  freshAddress,
  type Body,
  type Customer,
} from './testkit/customer.js';
import type { TestSystem } from './testkit/given-system.js';
import { sharedSystem } from './testkit/shared-system.js';

describe('payments', () => {
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await sharedSystem();
  });
  beforeEach(async () => {
    customer = await sluice.customer({ funds: '1000' });
  });
  afterEach(() => sluice.proveBooks());

  const paymentsTo = async (body: Body) =>
    (await sluice.venue.payments()).filter(({ destination }) => destination === recipientOf(body));

  it('pays a chain address: the recipient gets exactly the amount, the customer pays amount and fee, once, in the journal too', async () => {
    const body = toAddress();
    const posted = await customer.post(body);

    expect(posted).toMatchObject({ status: 200, message: 'OK' });
    expect(posted.data).toMatchObject({
      withdrawal_id: expect.any(Number),
      status: 'pending',
      tx_hash: null,
      network: 'ETH',
      currency: 'USDT',
      to_address: body['to_address'],
      amount_decimal: '5.250000',
      fee_decimal: '1.005250',
      venue: 'gateio',
    });
    const done = await customer.reaches(numberOf(posted), ['completed']);
    const { data } = await customer.get(numberOf(posted));
    expect(data).toMatchObject({
      id: numberOf(posted),
      status: 'confirmed',
      stage: 'done',
      tx_hash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      amount: '5.250000',
      fee: '1.005250',
      error_message: null,
      requested_at: expect.stringMatching(/\+00:00$/),
      broadcast_at: expect.stringMatching(/\+00:00$/),
      confirmed_at: expect.stringMatching(/\+00:00$/),
    });
    expect(await paymentsTo(body)).toMatchObject([
      { currency: 'USDT', chain: 'ETH', net_amount: '5.25', amount: '6.25', status: 'DONE' },
    ]);
    // Between two look-ups at the venue, the payment may have been completed.
    const steps = done.history.map(({ to }) => to).filter((state) => state !== 'broadcast');
    expect(steps).toEqual(['requested', 'submitting', 'submitted', 'capturing', 'completed']);
    expect(await customer.balance()).toEqual({
      balance: '993.74475',
      held: '0',
      available: '993.74475',
    });
    const entries = await sluice.admin.ledger.entriesOf(done.id);
    expect(entries.find(({ kind }) => kind === 'capture')?.postings).toEqual([
      { account: `customer:${customer.accountId}`, asset: 'USDT.ETH', amount: '-6.25525' },
      { account: 'clearing:gateio', asset: 'USDT.ETH', amount: '5.25' },
      { account: 'fee-income', asset: 'USDT.ETH', amount: '1.00525' },
      { account: 'clearing:gateio', asset: 'USDT.ETH', amount: '1' },
      { account: 'venue-fee:gateio', asset: 'USDT.ETH', amount: '-1' },
    ]);
  });

  it('pays another user of the exchange by uid', async () => {
    const body = toUser();
    const posted = await customer.post(body);

    expect(posted).toMatchObject({
      status: 200,
      data: { status: 'pending', to_address: recipientOf(body), amount_decimal: '7.500000' },
    });
    await customer.reaches(numberOf(posted), ['completed']);
    expect((await customer.get(numberOf(posted))).data).toMatchObject({
      status: 'confirmed',
      destination: body['destination'],
      tx_hash: null,
    });
    expect(await paymentsTo(body)).toMatchObject([
      { client_id: null, chain: null, amount: '7.5', net_amount: '7.5', status: 'RECEIVED' },
    ]);
    expect(await customer.balance()).toEqual({
      balance: '991.4925',
      held: '0',
      available: '991.4925',
    });
  });

  it('holds amount and fee while it is under way', async () => {
    await sluice.venue.settings({ status_ms: 1_500 });
    const posted = await customer.post(toAddress());

    expect(await customer.balance()).toEqual({
      balance: '1000',
      held: '6.25525',
      available: '993.74475',
    });
    await sluice.venue.settings({ status_ms: 20 });
    await customer.reaches(numberOf(posted), ['completed']);
  });

  it('answers the same request again with the row in its second shape, and pays once', async () => {
    const body = toAddress();
    const first = await customer.post(body);
    const again = await customer.post(body);
    await customer.reaches(numberOf(first), ['completed']);
    const late = await customer.post(body);

    expect(first.data).toHaveProperty('withdrawal_id');
    for (const { status, data } of [again, late]) {
      expect(status).toBe(200);
      expect(data).toMatchObject({
        id: numberOf(first),
        amount: '5.250000',
        fee: '1.005250',
        client_reference: body.client_reference,
      });
      expect(data).not.toHaveProperty('withdrawal_id');
    }
    expect(late.data['status']).toBe('confirmed');
    expect(await paymentsTo(body)).toHaveLength(1);
  });

  it('makes one withdrawal of twenty copies that arrive together, and one payment', async () => {
    const body = toAddress();
    const answers = await Promise.all(Array.from({ length: 20 }, () => customer.post(body)));

    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(numberOf)).size).toBe(1);
    expect(answers.filter(({ data }) => 'withdrawal_id' in data)).toHaveLength(1);
    await customer.reaches(numberOf(answers[0]!), ['completed']);
    expect(await customer.withdrawals()).toHaveLength(1);
    expect(await paymentsTo(body)).toHaveLength(1);
  });

  it('refuses the same reference with another body, and changes nothing', async () => {
    const body = toAddress();
    const first = await customer.post(body);

    for (const change of [
      { amount: '5.26' },
      { to_address: freshAddress() },
      { network: 'TRX', to_address: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL' },
    ]) {
      const other = await customer.api.send({
        method: 'POST',
        target: '/v1/withdrawals',
        body: JSON.stringify({ ...body, ...change }),
      });
      expect([other.status, other.message]).toEqual([
        409,
        'client_reference was already used with different parameters',
      ]);
    }
    await customer.reaches(numberOf(first), ['completed']);
    expect(await customer.withdrawals()).toHaveLength(1);
  });

  it('takes one reference from two keys of an account as two withdrawals', async () => {
    const body = toAddress();
    const second = await customer.withAnotherKey();
    const answers = [await customer.post(body), await customer.post(body, { api: second })];
    second.close();

    expect(new Set(answers.map(numberOf)).size).toBe(2);
    for (const answer of answers) await customer.reaches(numberOf(answer), ['completed']);
    expect(await paymentsTo(body)).toHaveLength(2);
  });

  it('waits for the venue when it is asked to', async () => {
    const waited = await customer.post(toAddress(), { wait: 20 });

    expect(waited).toMatchObject({ status: 200, headers: { 'preference-applied': 'wait=20' } });
    expect(['processing_at_venue', 'awaiting_confirmations', 'booking', 'done']).toContain(
      waited.data['stage'],
    );
    const { history } = await customer.reaches(numberOf(waited), ['completed']);
    expect(history.map(({ to }) => to)).toContain('submitted');
  });

  it('keeps every digit of a balance that no binary float could hold, and of what is paid from it', async () => {
    const funds = Amount.of('987654321.123456789012345678', 'ETH.ETH');
    await customer.fund(funds.toString(), 'ETH', 'ETH');
    const body = toAddress({ currency: 'ETH', network: 'ETH', amount: '287.12345678' });
    const posted = await customer.post(body);
    const { fee } = await customer.reaches(numberOf(posted), ['completed']);

    expect(await paymentsTo(body)).toMatchObject([{ net_amount: '287.12345678' }]);
    const debited = Amount.of('287.12345678', 'ETH.ETH').plus(Amount.of(fee, 'ETH.ETH'));
    expect((await customer.balance('ETH', 'ETH'))?.balance).toBe(funds.minus(debited).toString());
  });
});
