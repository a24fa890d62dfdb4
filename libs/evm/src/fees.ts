import { type FeePolicy, type Head, weiOfGwei } from './chain-settings.js';

/** Fees offered by a transaction, in wei per unit of gas. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

type FeeQuote =
  | { readonly kind: 'fees'; readonly fees: Fees }
  /** No fee within the cap would be accepted by a block or a pool now. */
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
 * Fees of a replacement: `last` raised by the policy and rounded up, or the market or `least` if
 * higher. `last`: maxima over all transactions of the nonce.
 */
export function replacementFees(
  last: Fees,
  market: Market,
  policy: FeePolicy,
  least: Fees = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
): FeeQuote {
  const cap = capOf(policy);
  const tip = max(market.tip, least.maxPriorityFeePerGas);
  if (tip > cap) return aboveCap(market.baseFeePerGas + tip, cap);
  const quoted = quoteFees({ ...market, tip }, policy);
  if (quoted.kind === 'above_cap') return quoted;
  const maxPriorityFeePerGas = max(
    raised(last.maxPriorityFeePerGas, policy),
    quoted.fees.maxPriorityFeePerGas,
  );
  const maxFeePerGas = max(
    raised(last.maxFeePerGas, policy),
    quoted.fees.maxFeePerGas,
    least.maxFeePerGas,
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

/** Maximum gas cost in wei, required by a node besides the amount. */
export function mostGasCost(gasLimit: bigint, { maxFeePerGas }: Fees): bigint {
  return gasLimit * maxFeePerGas;
}

function capOf({ maxFeeCapGwei }: FeePolicy): bigint {
  return weiOfGwei(maxFeeCapGwei) ?? 0n;
}

/** Raises a fee by a percentage, rounded up, at least by 1 wei. */
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
