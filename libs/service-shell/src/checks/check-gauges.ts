import { processTime } from '@sluice/runtime';
import { Gauge, register, type Registry } from 'prom-client';
import type { Check } from './check.js';

const registered = new WeakMap<Registry, Map<string, Check>>();

/** Time of the last completion by the process clock, for people and metrics only. */
export function lastCompletedAt(check: Check): Date {
  return new Date(processTime().getTime() - check.ageMs());
}

/** Exposes the last completion and the interval of a check under /metrics. */
export function registerCheck(check: Check, registry: Registry = register): void {
  const checks = registered.get(registry) ?? gaugesIn(registry);
  checks.set(check.name, check);
}

function gaugesIn(registry: Registry): Map<string, Check> {
  const checks = new Map<string, Check>();
  registered.set(registry, checks);
  new Gauge({
    name: 'sluice_check_last_completed_timestamp_seconds',
    help: 'Time at which this process last completed a check, or at which its first interval began',
    labelNames: ['check'],
    registers: [registry],
    collect() {
      for (const [name, check] of checks)
        this.set({ check: name }, lastCompletedAt(check).getTime() / 1_000);
    },
  });
  new Gauge({
    name: 'sluice_check_interval_seconds',
    help: 'Interval in which this process completes a check',
    labelNames: ['check'],
    registers: [registry],
    collect() {
      for (const [name, { everyMs }] of checks) this.set({ check: name }, everyMs / 1_000);
    },
  });
  return checks;
}
