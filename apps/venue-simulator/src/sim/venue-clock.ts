import { ok, refuse, type Result } from '@sluice/kernel';
import { oneOf, someOf, textLike, wholeNumber } from './check.js';
import type { ClockSetting, FactKeeper, RecordFact, SimulatedFact } from './facts.js';

const RIGHT: ClockSetting = { ahead_ms: 0, stands_at: null, requests: 'venue' };
const YEAR_MS = 366 * 86_400_000;

const checkChange = someOf({
  advance_ms: wholeNumber(0, YEAR_MS),
  to: textLike(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,12}Z$/),
  stopped: oneOf(true, false),
  requests: oneOf('venue', 'machine'),
});

interface Change {
  readonly advance_ms?: number;
  readonly to?: string;
  readonly stopped?: boolean;
  readonly requests?: ClockSetting['requests'];
}

/** Clock of the venue; default: the machine's. It never goes back, except by a reset. */
export class SimulatedClock implements FactKeeper {
  private setting = RIGHT;

  constructor(
    private readonly machine: () => number,
    private readonly record: RecordFact,
  ) {}

  /** Unix milliseconds. */
  now(): number {
    return this.at(this.machine());
  }

  /** Reference time for request timestamps, Unix milliseconds. */
  ofRequests(): number {
    return this.setting.requests === 'machine' ? this.machine() : this.now();
  }

  apply(fact: SimulatedFact): void {
    if (fact.t === 'clock') this.setting = fact.clock;
    else if (fact.t === 'reset') this.setting = RIGHT;
  }

  show(): object {
    const { stands_at: standsAt, requests } = this.setting;
    const machine = this.machine();
    const now = this.at(machine);
    return {
      now: new Date(now).toISOString(),
      ahead_ms: now - machine,
      stopped: standsAt !== null,
      requests,
    };
  }

  /** Changes the clock. Returns a message if invalid, and changes nothing then. */
  change(request: unknown): Result<void, string> {
    const fault = checkChange(request, 'clock');
    if (fault !== null) return refuse(fault);
    const change = request as Change;
    if (change.to !== undefined && change.advance_ms !== undefined)
      return refuse('clock accepts advance_ms or to, not both');
    const machine = this.machine();
    const now = this.at(machine);
    const then = change.to === undefined ? now + (change.advance_ms ?? 0) : Date.parse(change.to);
    if (Number.isNaN(then)) return refuse('clock.to has to be an ISO 8601 time in UTC');
    if (then < now)
      return refuse(
        'the clock cannot be set back: POST /_sim/reset restores the time of the machine',
      );
    if (then > machine + YEAR_MS)
      return refuse('the clock may be at most a year ahead of the machine');
    this.record({ t: 'clock', clock: this.settingOf(change, then, machine) });
    return ok(undefined);
  }

  /** The venue's time at a time of the machine. */
  private at(machine: number): number {
    return this.setting.stands_at ?? machine + this.setting.ahead_ms;
  }

  private settingOf({ stopped, requests }: Change, then: number, machine: number): ClockSetting {
    return {
      ahead_ms: then - machine,
      stands_at: (stopped ?? this.setting.stands_at !== null) ? then : null,
      requests: requests ?? this.setting.requests,
    };
  }
}
