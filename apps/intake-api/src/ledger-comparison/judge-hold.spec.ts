import type { ComparedHoldDto } from '@sluice/http-api';
import { judgeHold, type ComparedWithdrawal } from './judge-hold.js';

const ID = '019b0000-0000-7000-8000-000000000000'; // of 2025-12-08
const PAID: ComparedWithdrawal = {
  id: ID,
  number: '7',
  state: 'completed',
  currency: 'USDT',
  network: 'ETH',
  amount: '10',
  fee: '1',
  venue: 'gateio',
  venue_fee: null,
  returned_amount: null,
  tried: [],
  assigned: true,
};
const HOLD: ComparedHoldDto = {
  withdrawal_id: ID,
  account_id: ID,
  asset: 'USDT.ETH',
  amount: '11',
  state: 'captured',
  venue: 'gateio',
  captured: '10.00',
  fee: '1',
  venue_fee: null,
  returned: null,
};
const BACK = { state: 'returned', returned_amount: '10' } as const;
const AT_BYBIT = { state: 'submitted', venue: 'bybit', tried: ['gateio'] } as const;
const PLACED = { state: 'placed', captured: null } as const;

describe('a withdrawal and its hold', () => {
  it.each<[string, Partial<ComparedWithdrawal>, Partial<ComparedHoldDto> | null, string | null]>([
    ['paid and captured', {}, {}, null],
    ['paid, its fee booked', { venue_fee: '0.5' }, { venue_fee: '0.5' }, null],
    ['returned and credited', BACK, { returned: '10' }, null],
    ['returned, not credited', BACK, {}, 'return_missing'],
    ['to be credited', { state: 'returning', returned_amount: '10' }, {}, null],
    ['returned, its hold placed again', BACK, { ...PLACED }, 'capture_missing'],
    ['paid, its hold placed again', {}, { state: 'placed', captured: null }, 'capture_missing'],
    ['paid, without a hold', {}, null, 'hold_missing'],
    ['paid, its hold released', {}, { state: 'released' }, 'ended_otherwise'],
    ['paid, less captured', {}, { captured: '9' }, 'captured_otherwise'],
    ['paid by another venue', {}, { venue: 'bybit' }, 'captured_otherwise'],
    ['paid, its venue fee gone', { venue_fee: '0.5' }, {}, 'venue_fee_missing'],
    ['failed, its hold placed again', { state: 'failed' }, { state: 'placed' }, 'release_missing'],
    ['failed and released', { state: 'failed' }, { state: 'released' }, null],
    ['cancelled and captured', { state: 'cancelled' }, {}, 'ended_otherwise'],
    ['rejected and held', { state: 'rejected' }, { state: 'placed' }, 'release_missing'],
    ['rejected and refused', { state: 'rejected' }, { state: 'refused' }, null],
    ['failed, without a hold', { state: 'failed' }, null, null],
    ['at the venue, and held', { state: 'submitted' }, { state: 'placed' }, null],
    ['at the venue, the ledger a step ahead', { state: 'capturing' }, {}, null],
    ['at the venue, without a hold', { state: 'submitted' }, null, 'hold_missing'],
    ['to be captured, without a hold', { state: 'capturing' }, null, 'hold_missing'],
    ['at the second venue, its hold at the first', AT_BYBIT, PLACED, 'assignment_missing'],
    ['failed over, and not answered yet', { ...AT_BYBIT, assigned: false }, PLACED, null],
    ['its hold a step ahead', AT_BYBIT, { ...PLACED, venue: 'bitmart' }, null],
    ['only requested', { state: 'requested' }, null, null],
  ])('%s', (_what, withdrawal, hold, kind) => {
    const found = judgeHold(
      { ...PAID, ...withdrawal },
      hold ? { ...HOLD, ...hold } : undefined,
      null,
    );

    expect(found?.kind ?? null).toBe(kind);
  });

  it('whose month is detached has none any more', () => {
    expect(judgeHold(PAID, undefined, '2026-01-01T00:00:00.000Z')).toBeNull();
    expect(judgeHold(PAID, undefined, '2025-12-01T00:00:00.000Z')?.kind).toBe('hold_missing');
  });
});
