import { benchFor, happens, reaches, types, type TestConnector } from '@sluice/connector-testing';
import { BITMART_KIT } from './testing/bitmart-kit.js';
import { accountOrder, chainOrder, ETH_ADDRESS, payOutside } from './testing/orders.js';

const bench = benchFor(BITMART_KIT);

const APPLY = 'POST /account/v1/withdraw/apply';

let connector: TestConnector;

beforeEach(async () => void (connector = await bench.connector()));

const bodyOf = (amount: string, change: object = {}): string =>
  JSON.stringify({
    currency: 'USDT-ETH',
    amount,
    destination: 'To Digital Address',
    address: ETH_ADDRESS,
    ...change,
  });

describe('an answer that was lost', () => {
  it.each([
    [
      'JSON that is cut off',
      'accept_then_answer',
      { http_status: 200, body: '{"code":1000,"message":"OK","data":{"withdraw_id":"12' },
    ],
    [
      'a success without an id',
      'accept_then_answer',
      { http_status: 200, body: '{"code":1000,"message":"OK","data":{}}' },
    ],
    [
      '60052 in spite of its 400',
      'accept_then_answer',
      { http_status: 400, body: '{"code":60052,"message":"?","data":{}}' },
    ],
  ])('%s: the payment is found and settled', async (_what, fault, answer) => {
    await bench.simulator.arm(APPLY, fault, answer);
    const order = chainOrder('103');

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    expect(types(connector, order)[0]).toBe('submission-unknown');
    expect(await bench.payments(order.amount)).toHaveLength(1);
  });

  it.each([
    [
      '503 with 30014',
      {
        http_status: 503,
        body: '{"code":30014,"message":"Service unavailable","trace":"N/A","data":{}}',
      },
    ],
  ])('%s proves nothing: a person decides', async (_what, answer) => {
    await bench.simulator.arm(APPLY, 'refuse_with', answer);
    const order = chainOrder('104');

    await connector.submit([order]);

    await reaches(connector, order, 'undecided');
    expect(await bench.simulator.payments()).toEqual([]);
  });

  it('of a payment that the history shows only later: it is waited for', async () => {
    await bench.simulator.settings({ listing_delay_ms: 700 });
    await bench.simulator.arm(APPLY, 'accept_then_cut');
    const order = chainOrder('105');

    await connector.submit([order]);

    await happens(connector, order, 'withdrawal-settled');
    expect(await bench.payments(order.amount)).toHaveLength(1);
  });

  it('of a transfer to a phone: no record names it, so a person decides', async () => {
    await bench.simulator.arm(APPLY, 'accept_then_cut');
    const order = accountOrder('phone', '106');

    await connector.submit([order]);

    await reaches(connector, order, 'undecided');
    expect(await bench.payments(order.amount)).toHaveLength(1);
  });

  it('of a transfer to a phone, refused and paid by the venue: nothing is released, a person decides', async () => {
    await bench.simulator.arm(APPLY, 'accept_then_answer', {
      http_status: 200,
      body: '{"code":60008,"message":"Balance not enough","data":{}}',
    });
    const order = accountOrder('phone', '107');

    await connector.submit([order]);

    await reaches(connector, order, 'undecided');
    expect(types(connector, order)).not.toContain('submission-refused');
    expect(await bench.payments(order.amount)).toHaveLength(1);
  });
});

describe('a record that only seems to be ours', () => {
  it.each([
    ['of the same amount on another network', bodyOf('108', { currency: 'USDT-BSC_BNB' })],
    ['of another amount', bodyOf('108.01')],
    [
      'to another recipient',
      bodyOf('108', { address: '0xe57b69a8776b37860407965B73cdFFBDFe668Bb5' }),
    ],
    ['of another currency', bodyOf('108', { currency: 'ETH' })],
  ])('%s is not adopted', async (_what, body) => {
    await bench.simulator.arm(APPLY, 'refuse_with_5xx');
    const order = chainOrder('107');
    await connector.submit([order]);
    await happens(connector, order, 'submission-unknown');

    await payOutside(bench.simulator, body);

    await reaches(connector, order, 'undecided');
  });

  it('beside ours: two fit, so a person names the one', async () => {
    await bench.simulator.arm(APPLY, 'accept_then_cut');
    await bench.simulator.arm('GET /account/v2/deposit-withdraw/history', 'refuse_with_5xx'); // time for the second
    const order = chainOrder('109');
    await connector.submit([order]);
    await happens(connector, order, 'submission-unknown');
    await payOutside(bench.simulator, bodyOf('110'));

    await reaches(connector, order, 'undecided');
    const [ours] = await bench.payments(order.amount);
    await connector.decide(order.withdrawalId, {
      decision: 'paid',
      evidence: 'the first of the two',
      venueReference: ours?.id ?? '',
    });

    await happens(connector, order, 'withdrawal-settled');
  });
});
