import { balanceFaults, type Spent } from './balances.js';

const FUNDED = [{ currency: 'USDT', network: 'ETH', amount: '1000' }];
const shown = (balance: string, held = '0') => [
  { currency: 'USDT', network: 'ETH', balance, held },
];
const spent = (kind: Spent['kind'], received?: string): Spent => ({
  kind,
  asked: { order: { currency: 'USDT', network: 'ETH', amount: '12.5' } },
  booked: { id: 'u', number: '7', state: 'completed', venue: 'gateio', fee: '1.5' },
  paid:
    received === undefined
      ? []
      : [
          {
            venue: 'gateio',
            payment: {
              id: 'w1',
              client_id: 'c1',
              currency: 'USDT',
              destination: '0x',
              memo: null,
              chain: null,
              amount: '',
              net_amount: received,
              status: 'DONE',
              created_at: '',
            },
          },
        ],
});

describe('the balance of a customer', () => {
  it.each([
    ['nothing asked', '1000', '0', []],
    [
      'what recipients received and the fees are gone',
      '972',
      '0',
      [spent('paid once', '12.5'), spent('paid once', '12.5')],
    ],
    ['a payment under way, held', '1000', '14', [spent('waiting reported')]],
    ['a payment under way, booked already', '986', '0', [spent('waiting reported', '12.5')]],
    ['what was released is there again', '1000', '0', [spent('unpaid and released')]],
  ] as const)('is right: %s', (_what, balance, held, all) => {
    expect(balanceFaults('client 1', FUNDED, shown(balance, held), all)).toEqual([]);
  });

  it.each([
    [
      'a payment is completed and was never captured',
      '1000',
      '14',
      [spent('paid once', '12.5')],
      'is 14 more than',
    ],
    ['a capture is booked twice', '972', '0', [spent('paid once', '12.5')], 'is 14 less than'],
    ['money is held for nothing', '1000', '14', [], 'has 14 of USDT.ETH held'],
  ] as const)('is wrong: %s', (_what, balance, held, all, fault) => {
    expect(balanceFaults('client 1', FUNDED, shown(balance, held), all).join()).toContain(fault);
  });

  it('is wrong where none is shown', () => {
    expect(balanceFaults('client 1', FUNDED, [], [])).toHaveLength(1);
  });
});
