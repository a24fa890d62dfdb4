import type { FeePolicy } from './chain-settings.js';
import type { Head } from './chain-facts.js';
import { weiOfGwei } from './wei.js';

/** What a transaction offers, in wei for each unit of gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

export type FeeQuote =
  | { readonly kind: 'fees'; readonly fees: Fees }
  /** Nothing that the cap allows would be taken into a block or a pool now. */
  | { readonly kind: 'above_cap'; readonly cause: string };

type Market = Pick<Head, 'baseFeePerGas' | 'tip'>;

/** Twice the base fee, which a full block raises by an eighth: enough for five full blocks in a row. Never above the cap. */
export function quoteFees({ baseFeePerGas, tip }: Market, policy: FeePolicy): FeeQuote {
  const cap = capOf(policy);
  const offered = min(tip, cap);
  if (baseFeePerGas + offered > cap) return aboveCap(baseFeePerGas + offered, cap);
  const maxFeePerGas = min(2n * baseFeePerGas + offered, cap);
  return { kind: 'fees', fees: { maxFeePerGas, maxPriorityFeePerGas: offered } };
}

/**
 * The fees of a replacement: both fields raised by the policy's percentage over `last` and rounded up, or what the market asks where that is more.
 * `last` is the dearest that was signed for the nonce in each field, for any of them may be in a pool.
 */
export function replacementFees(last: Fees, market: Market, policy: FeePolicy): FeeQuote {
  const cap = capOf(policy);
  const quoted = quoteFees(market, policy);
  if (quoted.kind === 'above_cap') return quoted;
  const maxPriorityFeePerGas = max(
    raised(last.maxPriorityFeePerGas, policy),
    quoted.fees.maxPriorityFeePerGas,
  );
  const maxFeePerGas = max(
    raised(last.maxFeePerGas, policy),
    quoted.fees.maxFeePerGas,
    maxPriorityFeePerGas,
  );
  if (maxFeePerGas > cap) return aboveCap(maxFeePerGas, cap);
  return { kind: 'fees', fees: { maxFeePerGas, maxPriorityFeePerGas } };
}

/** The dearest of several in each field. */
export function dearest(first: Fees, ...rest: readonly Fees[]): Fees {
  return rest.reduce(
    (soFar, one) => ({
      maxFeePerGas: max(soFar.maxFeePerGas, one.maxFeePerGas),
      maxPriorityFeePerGas: max(soFar.maxPriorityFeePerGas, one.maxPriorityFeePerGas),
    }),
    first,
  );
}

/** Wei that a node wants on the account before it takes the transaction, beside what is transferred. */
export function mostGasCost(gasLimit: bigint, { maxFeePerGas }: Fees): bigint {
  return gasLimit * maxFeePerGas;
}

function capOf({ maxFeeCapGwei }: FeePolicy): bigint {
  return weiOfGwei(maxFeeCapGwei) ?? 0n;
}

/** Percent with up to six decimals; rounded up, and by one wei at least, since a pool wants more even of nothing. */
function raised(fee: bigint, { bumpPercent }: FeePolicy): bigint {
  const millionths = BigInt(Math.ceil(bumpPercent * 10_000));
  const product = fee * (1_000_000n + millionths);
  return max((product + 999_999n) / 1_000_000n, fee + 1n);
}

function aboveCap(needed: bigint, cap: bigint): FeeQuote {
  return {
    kind: 'above_cap',
    cause: `${needed} wei for each unit of gas are needed and the cap is ${cap}`,
  };
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(first: bigint, ...rest: readonly bigint[]): bigint {
  return rest.reduce((most, one) => (one > most ? one : most), first);
}
