import { Registry } from 'prom-client';
import { offerClock } from './clock-gauge.js';

describe('the metric of clocks', () => {
  it('tells each clock by its name, and none that was never read', async () => {
    const metrics = new Registry();
    offerClock('database', { processIsAheadMs: () => 121_000 }, metrics);
    offerClock('venue', { processIsAheadMs: () => -1_500 }, metrics);
    offerClock('other', { processIsAheadMs: () => null }, metrics);

    const lines = (await metrics.metrics()).split('\n').filter((line) => line.startsWith('sluice'));

    expect(lines).toEqual([
      'sluice_clock_ahead_seconds{of="database"} 121',
      'sluice_clock_ahead_seconds{of="venue"} -1.5',
    ]);
  });
});
