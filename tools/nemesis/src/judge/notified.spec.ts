import { drawOrder, type Order, type PaidAt, randomOf } from '@sluice/stack';
import { isUntold, untruth, type Notified } from './notified.js';

const BANK = { user_id: 'u', account_group_id: 'g', reference_account_id: 'r' };
const order: Order = {
  ...drawOrder(randomOf(1), 1, {
    clients: 1,
    bankAccount: BANK,
    forms: ['gateio-address'],
    plain: true,
  }),
  amount: '12.50',
};
const paid: PaidAt = {
  venue: 'gateio',
  payment: {
    id: 'w1',
    client_id: 'c1',
    currency: 'USDT',
    destination: '0x',
    memo: null,
    chain: null,
    amount: '',
    net_amount: '12.5',
    status: 'DONE',
    created_at: '',
  },
};
const word = (event: string, amount = '12.5'): Notified => ({
  event: `withdrawal.${event}`,
  data: { withdrawal_id: 7, client_reference: order.reference, amount },
});
const asked = { order, number: '7' };

describe('the webhooks of a customer', () => {
  it.each([
    [
      'confirmed, and paid',
      { asked, paid: [paid] },
      [word('broadcasted'), word('confirmed')],
      undefined,
    ],
    ['failed, and not paid', { asked, paid: [] }, [word('failed')], undefined],
    ['the same twice', { asked, paid: [paid] }, [word('confirmed'), word('confirmed')], undefined],
    [
      'confirmed, and nothing was paid',
      { asked, paid: [] },
      [word('confirmed')],
      'nothing was paid',
    ],
    ['another amount', { asked, paid: [paid] }, [word('confirmed', '13')], 'received 12.5'],
    ['failed, and paid', { asked, paid: [paid] }, [word('failed')], 'gateio has paid'],
    [
      'first failed and then confirmed',
      { asked, paid: [paid] },
      [word('failed'), word('confirmed')],
      'withdrawal.failed and withdrawal.confirmed',
    ],
    [
      'failed, after the request was refused',
      { asked: { order, refused: '400 Insufficient available balance' }, paid: [] },
      [word('failed')],
      'was refused',
    ],
  ] as const)('%s', (_what, evidence, notified, fault) => {
    const found = untruth(evidence, notified);

    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });

  it('miss a withdrawal that has ended without a webhook about the end', () => {
    const booked = { id: 'u', number: '7', state: 'completed', venue: 'gateio', fee: '1' };
    const ended = { kind: 'paid once', why: '', asked, booked } as const;

    expect(isUntold(ended, [word('broadcasted')])).toBe(true);
    expect(isUntold(ended, [word('confirmed')])).toBe(false);
    expect(isUntold({ ...ended, kind: 'waiting reported' }, [])).toBe(false);
  });
});
