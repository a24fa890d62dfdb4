import type { VenueName } from '@sluice/stack';
import { compareBooks } from './compare-books.js';
import { orderOf, type Order } from './payments.js';

const ACCOUNT = { user_id: 'u', account_group_id: 'g', reference_account_id: 'r' };
const ORDER = orderOf(0, ['gateio'], ACCOUNT);
const AT_UPVEST = orderOf(1, ['upvest'], ACCOUNT);

const paid = ({ recipient, amount }: Order, id = '1') => ({
  id,
  destination: recipient.replace('0x', '0X'),
  memo: null,
  net_amount: `${amount}000000`,
});
const compare = (
  payments: readonly ReturnType<typeof paid>[],
  state = 'completed',
  venue: VenueName = 'gateio',
) => compareBooks([ORDER], new Map([[ORDER.reference, state]]), new Map([[venue, payments]]));

describe("the venues' books beside what was asked for", () => {
  it('agree where each is paid once and booked so', () => {
    expect(compare([paid(ORDER)])).toEqual({ paidOnce: 1, faults: [] });
  });

  it('identify payments of Upvest by the first word of the text', () => {
    const payment = {
      ...paid(AT_UPVEST),
      destination: 'r',
      memo: `${AT_UPVEST.reference} and more`,
    };
    const states = new Map([[AT_UPVEST.reference, 'completed']]);

    expect(compareBooks([AT_UPVEST], states, new Map([['upvest', [payment]]]))).toEqual({
      paidOnce: 1,
      faults: [],
    });
  });

  it.each([
    ['paid twice', () => compare([paid(ORDER), paid(ORDER, '2')]), 'was paid 2 times: 1, 2'],
    ['not paid', () => compare([], 'failed'), 'was not paid, but is failed'],
    ['paid and open', () => compare([paid(ORDER)], 'uncertain'), 'was paid, but is uncertain'],
    [
      'paid elsewhere',
      () => compare([paid(ORDER)], 'completed', 'bybit'),
      'was paid by bybit, requested from gateio',
    ],
    [
      'paid in part',
      () => compare([{ ...paid(ORDER), net_amount: '0.5' }]),
      `was paid 0.5, requested were ${ORDER.amount}`,
    ],
  ])('name what was %s', (_what, compared, fault) => {
    expect(compared()).toEqual({ paidOnce: 0, faults: [`${ORDER.reference} ${fault}`] });
  });
});
