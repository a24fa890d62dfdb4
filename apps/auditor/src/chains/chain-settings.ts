import { type ChainSettings, NATIVE_DECIMALS, parseChains, unitsOf, weiOfGwei } from '@sluice/evm';
import { gasCeilingOf } from '@sluice/kernel';
import { fromFile, type RuleInput } from '@sluice/runtime';

/** Chains of the wallet in the form of `EVM_CHAINS`, with nodes of the auditor. Default: the wallet is not read. */
export const CHAIN_SETTINGS = {
  chains: fromFile('AUDITOR_EVM_CHAINS', parseChains, []),
} as const;

interface ChainsGiven {
  readonly nodeEnv: string;
  readonly chains: readonly ChainSettings[];
}

/** Requires TLS to each node in production: a false node could hide payments. */
export function auditNodesInClear({
  config: { nodeEnv, chains = [] },
}: RuleInput<ChainsGiven>): readonly string[] {
  if (nodeEnv !== 'production') return [];
  return chains.flatMap(({ network, rpcUrls }) =>
    rpcUrls.flatMap((one, index) =>
      new URL(one).protocol === 'https:'
        ? []
        : [
            `AUDITOR_EVM_CHAINS: rpcUrls[${index}] of ${network} must begin with https:// in production`,
          ],
    ),
  );
}

/** Requires a limit of gas for each chain. */
export function gasWithoutLimit({
  config: { chains = [] },
}: RuleInput<Pick<ChainsGiven, 'chains'>>): readonly string[] {
  return chains
    .filter((one) => gasLimitsOf(one) === null)
    .map(
      ({ network, native: { currency } }) =>
        `AUDITOR_EVM_CHAINS: no release has a limit for gas in ${currency}: set unitWorthEur of native (value of one unit in EUR), or gasPerHour, at ${network}`,
    );
}

export interface GasLimits {
  readonly transaction: bigint;
  /** Limit for all addresses of the chain together in a clock hour. */
  readonly hour: bigint;
}

/** The limit of an hour is this part of the ledger's ceiling of a day: 5 ETH, 5 BNB or 150 EUR. */
const HOURS_OF_CEILING = 10n;

/** Null if an hour's limit is neither set nor known for the coin. */
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
