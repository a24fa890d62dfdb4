import type { WithdrawalStatus } from './api-types.js';
import { hasReached, isFinal, withdrawalOf } from './withdrawal.js';

const FIRST = {
  withdrawal_id: 17,
  status: 'pending',
  stage: 'awaiting_venue',
  tx_hash: null,
  network: 'ETH',
  currency: 'USDT',
  to_address: '0xrecipient',
  amount_decimal: '50.000000',
  fee_decimal: '0.500000',
  venue: 'gateio',
};
const LATER = {
  id: 17,
  currency: 'USDT',
  network: 'ETH',
  to_address: '0xrecipient',
  amount: '50.000000',
  fee: '0.500000',
  status: 'pending',
  stage: 'awaiting_venue',
  tx_hash: null,
  error_message: null,
  error_code: null,
  requested_at: '2026-05-16T22:00:00+00:00',
  broadcast_at: null,
  confirmed_at: null,
  confirmations: null,
  block_number: null,
  venue: 'gateio',
  destination: { type: 'address', address: '0xrecipient' },
  client_reference: 'order-1',
};

describe('a withdrawal', () => {
  it('is one type, whichever of the two shapes the API answers', () => {
    const [first, later] = [withdrawalOf(FIRST, 'order-1'), withdrawalOf(LATER, 'order-1')];

    expect(Object.keys(first).toSorted()).toEqual(Object.keys(later).toSorted());
    expect({ ...first, requested_at: later.requested_at, destination: later.destination }).toEqual(
      later,
    );
  });

  it('of the contract alone has null for what is ours', () => {
    const { stage: _, error_code: __, destination: ___, ...contract } = LATER;

    expect(withdrawalOf(contract)).toMatchObject({
      error_code: null,
      destination: null,
      cancel: null,
    });
  });

  it('keeps amounts as the text that was sent', () => {
    expect(withdrawalOf({ ...LATER, amount: '0.000000000000000001' }).amount).toBe(
      '0.000000000000000001',
    );
  });
});

describe('how far it has come', () => {
  const cases: readonly (readonly [WithdrawalStatus, boolean, boolean])[] = [
    ['pending', false, false],
    ['broadcasted', true, false],
    ['confirmed', true, true],
    ['failed', true, true],
    ['cancelled', true, true],
  ];

  it.each(cases)('%s', (status, reachesBroadcasted, ends) => {
    expect(hasReached({ status }, 'broadcasted')).toBe(reachesBroadcasted);
    expect(hasReached({ status }, 'confirmed')).toBe(ends);
    expect(isFinal({ status })).toBe(ends);
  });
});
