import { collectDefaultMetrics, register } from 'prom-client';

/** Gauges whose names end as counters' do, against the conventions of Prometheus. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** Memory, CPU, garbage collection and event loop, as prom-client knows them. */
export function registerProcessMetrics(): void {
  collectDefaultMetrics();
  for (const name of MISNAMED) register.removeSingleMetric(name);
}
