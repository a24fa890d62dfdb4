import { collectDefaultMetrics, register } from 'prom-client';

/** Gauges whose names end as counters' do, against the conventions of Prometheus. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** How often the event loop is sampled. At the default of 10 ms a service that does nothing wakes a hundred times a second for it alone: one hundredth of a core each. */
const SAMPLED_EVERY_MS = 100;

/** Memory, CPU, garbage collection and event loop, as prom-client knows them. */
export function registerProcessMetrics(): void {
  collectDefaultMetrics({ eventLoopMonitoringPrecision: SAMPLED_EVERY_MS });
  for (const name of MISNAMED) register.removeSingleMetric(name);
}
