import { NATIVE_DECIMALS, unitsOf, weiOfGwei, type ChainSettings } from '@sluice/evm';
import { gasCeilingOf } from '@sluice/kernel';

/** Gas in wei above which a finding opens. */
export interface GasLimits {
  readonly transaction: bigint;
  /** Of all addresses of the chain in a clock hour. */
  readonly hour: bigint;
}

/** The limit of an hour is this part of the ledger's ceiling of a day: 5 ETH, 5 BNB or 150 EUR. */
const HOURS_OF_CEILING = 10n;

/**
 * Limits of a chain; null if the limit of an hour is neither set nor known for the coin. A payment
 * within the chain's settings never costs more than the default limit of a transaction.
 */
export function gasLimitsOf({
  native: { currency, unitWorthEur },
  fees: { recipientGasLimit, maxFeeCapGwei },
  gasPerTransaction,
  gasPerHour,
}: ChainSettings): GasLimits | null {
  const worths = unitWorthEur === undefined ? {} : { [currency]: unitWorthEur };
  const day = gasCeilingOf(currency, worths)?.day;
  const hour =
    gasPerHour === undefined
      ? day !== undefined && weiOf(day) / HOURS_OF_CEILING
      : weiOf(gasPerHour);
  if (hour === false) return null;
  const transaction =
    gasPerTransaction === undefined
      ? BigInt(recipientGasLimit) * (weiOfGwei(maxFeeCapGwei) ?? 0n)
      : weiOf(gasPerTransaction);
  return { transaction, hour };
}

function weiOf(coins: string): bigint {
  return unitsOf(coins, NATIVE_DECIMALS) ?? 0n;
}
