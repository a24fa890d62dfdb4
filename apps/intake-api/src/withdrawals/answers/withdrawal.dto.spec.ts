import { Amount, assetOf } from '@sluice/kernel';
import { TRANSITIONS, type State } from '@sluice/withdrawal-core';
import { ADDRESS, aStored } from '../../testkit/a-withdrawal.js';
import { restTime } from '../../http/rest-time.js';
import { statusShape, submissionShape } from './withdrawal.dto.js';

const STATES = Object.keys(TRANSITIONS) as State[];
const AT = new Date('2026-11-20T08:00:05.999Z');

describe('submissionShape', () => {
  it('is what the first call is answered with', () => {
    expect(submissionShape(aStored({}, { state: 'submitting' }))).toEqual({
      withdrawal_id: 17,
      status: 'pending',
      stage: 'awaiting_venue',
      tx_hash: null,
      network: 'ETH',
      currency: 'USDT',
      to_address: ADDRESS,
      amount_decimal: '5.000000',
      fee_decimal: '1.000000',
      venue: 'gateio',
    });
  });

  it('shows when the venue’s turn is expected, if that is known', () => {
    expect(submissionShape(aStored({}, { state: 'submitting', expectedAt: AT }))).toMatchObject({
      expected_at: '2026-11-20T08:00:05+00:00',
    });
  });
});

describe('statusShape', () => {
  it('is what a replay and GET are answered with', () => {
    const broadcast = {
      state: 'broadcast',
      txHash: '0xabc',
      broadcastAt: AT,
      errorMessage: null,
    } as const;
    expect(statusShape(aStored({ clientReference: 'r-1' }, broadcast))).toEqual({
      id: 17,
      currency: 'USDT',
      network: 'ETH',
      to_address: ADDRESS,
      amount: '5.000000',
      fee: '1.000000',
      status: 'broadcasted',
      stage: 'awaiting_confirmations',
      tx_hash: '0xabc',
      error_message: null,
      error_code: null,
      requested_at: '2026-11-20T08:00:00+00:00',
      broadcast_at: '2026-11-20T08:00:05+00:00',
      confirmed_at: null,
      confirmations: null,
      block_number: null,
      returned_amount: null,
      returned_at: null,
      venue: 'gateio',
      destination: { type: 'address', address: ADDRESS },
      client_reference: 'r-1',
    });
  });

  it('shows the error of a failed withdrawal alone', () => {
    for (const state of STATES) {
      const { status, error_message, error_code } = statusShape(
        aStored({}, { state, reasonCode: 'expired' }),
      );
      expect([error_message, error_code]).toEqual(
        status === 'failed' ? ['No venue began it in time', 'expired'] : [null, null],
      );
    }
  });

  it('keeps every digit, padded to the decimals the currency had', () => {
    const eth = assetOf('ETH', 'ETH');
    const amount = Amount.of('123456789012345678.123456789012345678', eth);
    expect(
      statusShape({ ...aStored({ asset: eth, amount, fee: Amount.of('0.1', eth) }), decimals: 18 }),
    ).toMatchObject({
      amount: '123456789012345678.123456789012345678',
      fee: '0.100000000000000000',
    });
  });
});

describe('restTime', () => {
  it('is a UTC time to the second with a numeric offset', () => {
    expect(restTime(AT)).toBe('2026-11-20T08:00:05+00:00');
    expect(restTime(null)).toBeNull();
  });
});
