import { Registry } from 'prom-client';
import { registerClockGauge } from './process-metrics.js';

describe('the clock metric', () => {
  it('has a value for each clock by its name, and none for one that was never read', async () => {
    const metrics = new Registry();
    registerClockGauge('database', { processIsAheadMs: () => 121_000 }, metrics);
    registerClockGauge('venue', { processIsAheadMs: () => -1_500 }, metrics);
    registerClockGauge('other', { processIsAheadMs: () => null }, metrics);

    const lines = (await metrics.metrics()).split('\n').filter((line) => line.startsWith('sluice'));

    expect(lines).toEqual([
      'sluice_clock_ahead_seconds{of="database"} 121',
      'sluice_clock_ahead_seconds{of="venue"} -1.5',
    ]);
  });
});
