import fc from 'fast-check';
import { type Amount, assetOf } from '@sluice/kernel';
import type { HoldPolicy } from '../hold.js';
import { type LedgerStep, NATIVE, type Party } from './naive-ledger.js';

export const STEP_ACCOUNTS = ['a', 'b'] as const;
export const STEP_ASSETS = [assetOf('USDT', 'ETH'), assetOf('BTC', 'BTC')] as const;

const USUAL: readonly LedgerStep['do'][] = [
  'open',
  'fund',
  'fund',
  'place',
  'place',
  'place',
  'capture',
  'capture',
  'release',
  'fee',
  'fee',
];
const RARE: readonly LedgerStep['do'][] = [
  'start',
  'expire',
  'expire',
  'freeze',
  'unfreeze',
  'unfreeze',
  'transfer',
  'gas',
  'gas',
  'topup',
  'reverse',
  'reverse',
];
const MOVES: readonly (readonly [Party, Party])[] = [
  ['customer', 'suspense'],
  ['customer', 'suspense'],
  ['suspense', 'customer'],
  ['suspense', 'customer'],
  ['fee-income', 'clearing:venue-a'],
  ['customer', 'another'],
  ['suspense', 'suspense'],
  ['funding', 'customer'],
  ['customer', 'venue-fee:venue-a'],
];

/** Steps with few names and small amounts, which collide. `dues`: due values of holds. */
function anyLedgerStep(dues: readonly number[]): fc.Arbitrary<LedgerStep> {
  const parts = {
    do: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...USUAL) },
      { weight: 3, arbitrary: fc.constantFrom(...RARE) },
    ),
    account: fc.constantFrom('a', 'a', 'a', 'b'),
    asset: fc.constantFrom(STEP_ASSETS[0], STEP_ASSETS[0], STEP_ASSETS[1]),
    id: fc.constantFrom('1', '1', '2', '3'),
    amount: fc.integer({ min: 0, max: 6 }),
    fee: fc.integer({ min: 0, max: 2 }),
    venueFee: fc.constantFrom(0, 0, 1, 2),
    venue: fc.constantFrom('venue-a', 'venue-a', 'venue-b'),
    due: fc.constantFrom(...dues),
    name: fc.constantFrom('x', 'x', 'y'),
    move: fc.constantFrom(...MOVES),
    entry: fc.integer({ min: 1, max: 8 }),
    lines: fc.constantFrom(null, null, 'venue_fee' as const),
    correction: fc.constantFrom(null, null, 'x', 'y'),
    wallet: fc.constantFrom('hot', 'hot', 'tank'),
    coin: fc.constantFrom(NATIVE, NATIVE, STEP_ASSETS[0]),
  };
  return fc.record(parts).map(({ move: [from, to], coin, ...step }) => ({
    ...step,
    from,
    to,
    amount: step.do === 'fund' ? step.amount * 3 : step.amount,
    ...((step.do === 'gas' || step.do === 'topup') && { account: 'house account', asset: coin }),
  }));
}

/**
 * Arbitrary steps, or steps about the venue fees of one withdrawal, which random steps never
 * correct.
 */
export function anyLedgerSteps(dues: readonly number[]): fc.Arbitrary<LedgerStep[]> {
  const anything = fc.array(anyLedgerStep(dues), { minLength: 1, maxLength: 60, size: 'max' });
  return fc.oneof({ weight: 5, arbitrary: anything }, { weight: 1, arbitrary: anyVenueFees(dues) });
}

/** Generates as `anyLedgerSteps`, and payments that come back, among reversals of the same entries. */
export function anyLedgerStepsWithReturns(dues: readonly number[]): fc.Arbitrary<LedgerStep[]> {
  const any = anyLedgerStep(dues);
  const paid = { account: 'a', asset: STEP_ASSETS[0], id: '1', fee: 1, venue: 'venue-a', due: 0 };
  const back = any.map((step) => ({ ...step, do: 'return' as const }));
  const ofPaid = back.map((step) => ({ ...step, ...paid, amount: step.amount }));
  const reversal = any.map((step) => ({ ...step, account: 'a', do: 'reverse' as const }));
  const returns = fc
    .tuple(
      any,
      fc.array(fc.oneof(ofPaid, ofPaid, back, reversal, any), { minLength: 2, maxLength: 24 }),
    )
    .map(([step, others]) => [
      ...(['open', 'fund', 'place', 'capture'] as const).map((what) => ({
        ...step,
        ...paid,
        do: what,
        amount: { open: 0, fund: 9, place: 6, capture: 5 }[what],
      })),
      ...others,
    ]);
  return fc.oneof(
    { weight: 3, arbitrary: anyLedgerSteps(dues) },
    { weight: 1, arbitrary: returns },
  );
}

function anyVenueFees(dues: readonly number[]): fc.Arbitrary<LedgerStep[]> {
  const paid = {
    account: 'a',
    asset: STEP_ASSETS[0],
    id: '1',
    amount: 6,
    fee: 0,
    venue: 'venue-a',
    due: 0,
  };
  const any = anyLedgerStep(dues);
  const fee = any.map((step) => ({ ...step, ...paid, do: 'fee' as const, amount: step.amount }));
  const again = any.map((step) => ({ ...step, ...paid, do: 'capture' as const }));
  const reversal = any.map((step) => ({ ...step, account: 'a', do: 'reverse' as const }));
  return fc
    .tuple(
      any,
      fc.array(fc.oneof(fee, fee, again, reversal), { minLength: 3, maxLength: 24, size: 'max' }),
    )
    .map(([step, fees]) => [
      ...(['open', 'fund', 'place', 'capture'] as const).map((what) => ({
        ...step,
        ...paid,
        do: what,
      })),
      ...fees,
    ]);
}

export function withoutRules(payout: Amount): HoldPolicy {
  return {
    version: 0,
    payout,
    keyId: null,
    recipient: null,
    priceEur: null,
    venue: null,
    used: null,
    history: null,
    approval: null,
  };
}
