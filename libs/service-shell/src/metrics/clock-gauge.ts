import { Gauge, register, type Registry } from 'prom-client';

interface ComparedClock {
  processIsAheadMs(): number | null;
}

/** A single metric for all clocks compared with this process, labelled by clock name. */
class ClockGauge extends Gauge<'of'> {
  readonly clocks = new Map<string, ComparedClock>();

  constructor(registry: Registry) {
    super({
      name: 'sluice_clock_ahead_seconds',
      help: "Seconds by which this process's clock is ahead of another clock; negative: behind; 0 within the measurement error",
      labelNames: ['of'],
      registers: [registry],
      collect: () => this.collectClocks(),
    });
  }

  private collectClocks(): void {
    for (const [of, clock] of this.clocks) {
      const aheadMs = clock.processIsAheadMs();
      if (aheadMs !== null) this.set({ of }, aheadMs / 1_000);
    }
  }
}

/** Registers under /metrics how far this process is ahead of the clock `of` ("database", "venue"); a clock that was never read has no value. */
export function registerClockGauge(
  of: string,
  clock: ComparedClock,
  metrics: Registry = register,
): void {
  const known = metrics.getSingleMetric('sluice_clock_ahead_seconds');
  const gauge = known instanceof ClockGauge ? known : new ClockGauge(metrics);
  gauge.clocks.set(of, clock);
}
