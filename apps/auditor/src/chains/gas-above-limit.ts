import type { GasOfTransaction } from '@sluice/connector-evm/audit';
import { NATIVE_DECIMALS, textOf, unitsOf } from '@sluice/evm';
import type { ChainFinding } from './chain-finding.js';
import type { GasLimits } from './gas-limits.js';

/** Gas of all addresses of a chain in an hour, in coins. */
export interface HourOfGas {
  readonly hour: Date;
  readonly spent: string;
  readonly by_address: Readonly<Record<string, string>>;
}

const HOUR_MS = 3_600_000;

/** Transactions above the limit of one transaction. */
export function dearTransactions(
  network: string,
  gas: readonly GasOfTransaction[],
  { transaction: limit }: GasLimits,
): readonly ChainFinding[] {
  return gas
    .filter(({ cost }) => cost > limit)
    .map(({ address, hash, block, at, gasUsed, gasPrice, cost }) => ({
      kind: 'gas_above_limit',
      subject: `wallet ${network} ${hash}`,
      evidence: {
        network,
        address,
        hash,
        block: block.toString(),
        gas_used: gasUsed.toString(),
        gas_price_wei: gasPrice.toString(),
        spent: coins(cost),
        limit_of_transaction: coins(limit),
      },
      fact_at: at,
    }));
}

/** Hours above the limit of an hour. Each further multiple of the limit is a finding of its own. */
export function dearHours(
  network: string,
  hours: readonly HourOfGas[],
  { limit, gas }: { readonly limit: bigint; readonly gas: readonly GasOfTransaction[] },
): readonly ChainFinding[] {
  return hours.flatMap(({ hour, spent, by_address }): ChainFinding[] => {
    const times = ((unitsOf(spent, NATIVE_DECIMALS) ?? 0n) - 1n) / limit;
    if (times < 1n) return [];
    const newest = gas
      .filter(({ at }) => hourOf(at).getTime() === hour.getTime())
      .reduce((latest, { at }) => (at > latest ? at : latest), hour);
    const evidence = { network, hour, spent, by_address, limit_of_hour: coins(limit) };
    const subject = `wallet ${network} ${hour.toISOString()} above ${times} times the limit`;
    return [{ kind: 'gas_above_limit', subject, evidence, fact_at: newest }];
  });
}

/** Begin of the clock hour. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
}

function coins(wei: bigint): string {
  return textOf(wei, NATIVE_DECIMALS);
}
