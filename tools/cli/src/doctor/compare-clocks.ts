import { RemoteClock } from '@sluice/clock';
import type { Finding } from './findings.js';

/** A clock somewhere else, and when it was read by this process. */
export interface ReadClock {
  /** As in "the clock of …". */
  readonly of: string;
  readonly timeMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

const TOLERATED_MS = 2_000;

/** Which clocks differ from that of this machine, as far as the time that each answer took leaves no doubt. */
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
          'Look at the time synchronisation (NTP) of both; if every clock differs, it is this machine that is wrong.',
      },
    ];
  });
}
