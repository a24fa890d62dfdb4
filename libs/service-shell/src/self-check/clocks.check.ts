import { DATABASE_CLOCK_LIMIT_MS } from '@sluice/postgres';
import type { SelfCheck } from './self-checks.js';

interface ComparedClock {
  processIsAheadMs(): number | null;
}

/** Compares the clock of this machine with the clock of the database. */
export function databaseClockCheck(clock: ComparedClock): SelfCheck {
  return {
    name: 'clock',
    look: async () => {
      const aheadMs = clock.processIsAheadMs() ?? 0;
      if (Math.abs(aheadMs) <= DATABASE_CLOCK_LIMIT_MS) return {};
      const side = aheadMs > 0 ? 'ahead of' : 'behind';
      return {
        findings: [
          {
            code: 'clock-database',
            wrong: `The clock of this service's machine is ${(Math.abs(aheadMs) / 1_000).toFixed(1)} s ${side} that of its database.`,
            follows:
              'The service is unready until they agree: one of the two machines has a wrong time.',
            remedy: 'Check the time synchronisation (NTP) of both machines.',
          },
        ],
      };
    },
  };
}
