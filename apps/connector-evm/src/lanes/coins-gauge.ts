import { Gauge } from 'prom-client';
import { formatEther } from 'viem';

const coins = new Gauge({
  name: 'sluice_wallet_coins',
  help: 'Balance of our address in the native coin of its chain, which pays gas, as of the newest node answer',
  labelNames: ['network', 'address', 'purpose'],
});

/** Reports the gas balance of an address. For dashboards only; no decision depends on the value. */
export function reportCoins(
  { address, purpose }: { readonly address: string; readonly purpose: string },
  network: string,
  wei: bigint,
): void {
  coins.set({ network, address, purpose }, Number(formatEther(wei)));
}
