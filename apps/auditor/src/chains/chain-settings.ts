import { parseChains, type ChainSettings } from '@sluice/evm';
import { fromFile, type RuleInput } from '@sluice/runtime';
import { gasLimitsOf } from './gas-limits.js';

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
