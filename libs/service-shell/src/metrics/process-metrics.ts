import { collectDefaultMetrics, Gauge, register, type Registry } from 'prom-client';

/** Gauges named like counters, against the conventions of Prometheus. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** Sampling of the event loop (ms); the default of 10 ms costs an idle service 1 % of a core. */
const SAMPLED_EVERY_MS = 100;

/** Memory, CPU, garbage collection and event loop, as prom-client knows them. */
export function registerProcessMetrics(): void {
  collectDefaultMetrics({ eventLoopMonitoringPrecision: SAMPLED_EVERY_MS });
  for (const name of MISNAMED) register.removeSingleMetric(name);
}

const info = new Gauge({
  name: 'sluice_build_info',
  help: 'Always 1; the labels name the running release',
  labelNames: ['service', 'version', 'node'],
});

/** `version`: release of the image, or `development`. */
export function registerBuildInfo(service: string, version: string): void {
  info.set({ service, version, node: process.versions.node }, 1);
}

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
