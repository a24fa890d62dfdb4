import type { Readiness } from '@sluice/admin-client';
import type { Finding } from './findings.js';

const NOT_MIGRATED = /dist\/migrate\.js/;

/** Reasons for an unready service, as reported by the service. */
export function readinessFindings({ ready, faults }: Readiness): readonly Finding[] {
  if (ready) return [];
  const given = faults.length === 0 ? ['it gives no reason'] : faults;
  return given.map((fault) =>
    NOT_MIGRATED.test(fault)
      ? {
          code: 'database-not-migrated',
          wrong: `It is not ready: ${fault}.`,
          follows: 'It waits, and does nothing until its database is of its release.',
          remedy:
            "Run this release's dist/migrate.js with the owner's login; the service then goes on by itself.",
        }
      : {
          code: 'service-unready',
          wrong: `It is not ready: ${fault}.`,
          follows: 'It gets no work, and what waits for it waits longer.',
          remedy: 'See "A service is unready" in docs/operations/runbook.md.',
        },
  );
}
