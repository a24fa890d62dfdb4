import type { ChainSettings } from '@sluice/evm';
import { startAtZero } from '@sluice/service-shell';
import { Counter, Gauge } from 'prom-client';
import { formatEther } from 'viem';

const coins = new Gauge({
  name: 'sluice_wallet_coins',
  help: 'Balance of our address in the native coin of its chain, which pays gas, as of the newest node answer',
  labelNames: ['network', 'address', 'purpose'],
});
const spent = new Counter({
  name: 'sluice_wallet_gas_coins_total',
  help: 'Coins that final transactions of our addresses spent as gas, as counted by this process',
  labelNames: ['network'],
});
const leastPerDay = new Gauge({
  name: 'sluice_wallet_gas_least_per_day',
  help: 'Coins that count as the gas of one day where less was spent: upTo of the top-ups, or a default',
  labelNames: ['network'],
});

/** Gas of one day, in coins, of a chain without top-ups and without use. */
const DEFAULT_PER_DAY = 0.05;

/** Starts the series of a chain. */
export function startGasMetrics({
  network,
  topUps,
}: Pick<ChainSettings, 'network' | 'topUps'>): void {
  startAtZero(spent, { network: [network] });
  leastPerDay.set({ network }, topUps === undefined ? DEFAULT_PER_DAY : Number(topUps.upTo));
}

/**
 * Counts the gas of a final transaction. An aborted database transaction is counted again: for the
 * alert only, no decision depends on the value.
 */
export function countGas(network: string, wei: bigint): void {
  spent.inc({ network }, Number(formatEther(wei)));
}

/** Reports the gas balance of an address. For dashboards and alerts only; no decision depends on the value. */
export function reportCoins(
  { address, purpose }: { readonly address: string; readonly purpose: string },
  network: string,
  wei: bigint,
): void {
  coins.set({ network, address, purpose }, Number(formatEther(wei)));
}
