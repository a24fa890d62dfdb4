import { register } from 'prom-client';
import { countGas, startGasMetrics } from './wallet-funds.js';

describe('the gas of our own wallet', () => {
  const exposed = (name: string) => register.getSingleMetricAsString(name);

  it('begins at 0, and one day counts as the amount of a top-up where less is spent', async () => {
    startGasMetrics({ network: 'ETH', topUps: { below: '0.05', upTo: '0.2', mostPerDay: '1' } });
    startGasMetrics({ network: 'BSC' });

    const spent = 'sluice_wallet_gas_coins_total';
    expect(await exposed(spent)).toContain(`${spent}{network="ETH"} 0`);
    countGas('ETH', 21_000_000_000_000_000n);
    expect(await exposed(spent)).toContain(`${spent}{network="ETH"} 0.021`);

    const least = await exposed('sluice_wallet_gas_least_per_day');
    expect(least).toContain('{network="ETH"} 0.2');
    expect(least).toContain('{network="BSC"} 0.05');
  });
});
