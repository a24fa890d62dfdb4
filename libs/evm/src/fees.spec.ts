import fc from 'fast-check';
import { dearest, mostGasCost, quoteFees, replacementFees, type Fees } from './fees.js';

const GWEI = 1_000_000_000n;
const POLICY = {
  maxFeeCapGwei: '100',
  tipGwei: '2',
  bumpPercent: 12.5,
  stuckAfterBlocks: 5,
  recipientGasLimit: 100_000,
};
const market = (base: bigint) => ({ baseFeePerGas: base * GWEI, tip: 2n * GWEI });
const fees = (max: bigint, tip: bigint): Fees => ({
  maxFeePerGas: max,
  maxPriorityFeePerGas: tip,
});

describe('what a transaction offers', () => {
  it('is twice the base fee and the tip', () => {
    expect(quoteFees(market(10n), POLICY)).toEqual({
      kind: 'fees',
      fees: fees(22n * GWEI, 2n * GWEI),
    });
  });

  it('is the cap at most, and nothing where even the base fee is above it', () => {
    expect(quoteFees(market(98n), POLICY)).toEqual({
      kind: 'fees',
      fees: fees(100n * GWEI, 2n * GWEI),
    });
    expect(quoteFees(market(99n), POLICY)).toEqual({
      kind: 'above_cap',
      cause: '101000000000 wei for each unit of gas are needed and the cap is 100000000000',
    });
  });

  it('is wanted up front for the whole gas limit', () => {
    expect(mostGasCost(21_000n, fees(22n * GWEI, 2n * GWEI))).toBe(462_000n * GWEI);
  });
});

describe('a replacement', () => {
  it('raises both fees by an eighth, rounded up', () => {
    expect(replacementFees(fees(30n * GWEI + 1n, 3n * GWEI + 1n), market(1n), POLICY)).toEqual({
      kind: 'fees',
      fees: fees(33_750_000_002n, 3_375_000_002n),
    });
  });

  it('asks what the market asks where that is more', () => {
    expect(replacementFees(fees(5n, 1n), market(10n), POLICY)).toEqual(
      quoteFees(market(10n), POLICY),
    );
  });

  it('is none above the cap', () => {
    expect(replacementFees(fees(90n * GWEI, GWEI), market(1n), POLICY).kind).toBe('above_cap');
    expect(replacementFees(fees(5n, 1n), market(99n), POLICY).kind).toBe('above_cap');
  });

  it('is always taken by a pool that wants an eighth more in both fields, and within the cap', () => {
    const wei = fc.bigInt(0n, 200n * GWEI);
    const percent = fc.double({ min: 12.5, max: 100, noNaN: true });
    fc.assert(
      fc.property(wei, wei, wei, percent, (max, tip, base, bumpPercent) => {
        const last = fees(max, tip);
        const quote = replacementFees(
          last,
          { baseFeePerGas: base, tip: GWEI },
          { ...POLICY, bumpPercent },
        );
        if (quote.kind === 'above_cap') return;
        const { maxFeePerGas, maxPriorityFeePerGas } = quote.fees;
        expect(maxFeePerGas * 8n).toBeGreaterThanOrEqual(max * 9n);
        expect(maxPriorityFeePerGas * 8n).toBeGreaterThanOrEqual(tip * 9n);
        expect(maxFeePerGas).toBeGreaterThan(max);
        expect(maxPriorityFeePerGas).toBeGreaterThan(tip);
        expect(maxFeePerGas).toBeGreaterThanOrEqual(maxPriorityFeePerGas);
        expect(maxFeePerGas).toBeLessThanOrEqual(100n * GWEI);
      }),
    );
  });

  it('outbids each of several, whichever field was the dearest where', () => {
    expect(dearest(fees(5n, 4n), fees(7n, 1n), fees(6n, 2n))).toEqual(fees(7n, 4n));
  });
});
