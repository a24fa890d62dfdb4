import { Gauge } from 'prom-client';

const withoutGas = new Gauge({
  name: 'sluice_wallets_without_gas',
  help: 'Wallets that need gas and get none: the tank is short, or has given all that it gives in a day',
  labelNames: ['network'],
});

export function gaugeWithoutGas(network: string, wallets: number): void {
  withoutGas.set({ network }, wallets);
}
