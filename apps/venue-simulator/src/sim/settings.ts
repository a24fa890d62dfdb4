import { ok, refuse, type Result } from '@sluice/kernel';
import { isPlainObject, type ValueCheck } from './check.js';
import type { SimulatedFact, FactKeeper, RecordFact, SettingsPatch } from './facts.js';

/**
 * Settings of a venue: defaults, changed by partial updates stored in the log. Objects are merged,
 * all other values are replaced.
 */
export class SimulatorSettings<S extends object> implements FactKeeper {
  current: S;

  constructor(
    private readonly defaults: S,
    private readonly check: ValueCheck,
    private readonly record: RecordFact,
    /** Returns the fault of the complete updated settings, or null. */
    private readonly checkTogether: (settings: S) => string | null = () => null,
  ) {
    this.current = defaults;
  }

  apply(fact: SimulatedFact): void {
    if (fact.t === 'settings') this.current = merged(this.current, fact.patch);
    else if (fact.t === 'reset') this.current = this.defaults;
  }

  /**
   * Applies an update. Returns a message for a person if the update is invalid; an invalid update
   * changes no setting.
   */
  change(patch: unknown, at: number): Result<void, string> {
    const fault =
      this.check(patch, 'settings') ??
      this.checkTogether(merged(this.current, patch as SettingsPatch));
    if (fault !== null) return refuse(fault);
    this.record({ t: 'settings', patch: patch as SettingsPatch, at });
    return ok(undefined);
  }
}

/** Sets the same duration for all statuses, e.g. for `{"status_ms": 50}`. */
export function everyStatus(statuses: readonly string[], ms: number): Record<string, number> {
  return Object.fromEntries(statuses.map((status) => [status, ms]));
}

function merged<T extends object>(into: T, patch: object): T {
  const result = { ...into } as Record<string, unknown>;
  for (const [key, value] of Object.entries(patch)) {
    const before = result[key];
    result[key] = isPlainObject(before) && isPlainObject(value) ? merged(before, value) : value;
  }
  return result as T;
}
