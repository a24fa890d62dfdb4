import { RemoteClock } from '@sluice/clock';
import type { Finding } from './findings.js';

/** A reading of a remote clock, with the time of the reading in this process. */
export interface ReadClock {
  /** Owner of the clock, as in "the clock of …". */
  readonly of: string;
  readonly timeMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

const TOLERATED_MS = 2_000;

/**
 * Reports clocks provably different from this machine's clock, allowing for the duration of each
 * query.
 */
export function compareClocks(clocks: readonly ReadClock[]): readonly Finding[] {
  return clocks.flatMap((clock) => {
    const remote = new RemoteClock();
    remote.observe(clock);
    const aheadMs = remote.processIsAheadMs() ?? 0;
    if (Math.abs(aheadMs) <= TOLERATED_MS) return [];
    const side = aheadMs > 0 ? 'behind' : 'ahead of';
    return [
      {
        code: 'clock-differs',
        wrong: `The clock of ${clock.of} is ${(Math.abs(aheadMs) / 1_000).toFixed(1)} s ${side} that of this machine.`,
        follows:
          'One of the two is wrong: tokens, certificates, retention and the times that people read go by them.',
        remedy:
          'Check the time synchronisation (NTP) of both; if every clock differs, the clock of this machine is wrong.',
      },
    ];
  });
}
