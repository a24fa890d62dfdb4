import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { programOf, VENUES } from '@sluice/messages';
import { Database, untilReachable } from '@sluice/postgres';
import { ConfigError } from '@sluice/runtime';
import { InjectLogger, type Logger } from '@sluice/service-shell';

/**
 * Refuses the start if `VENUE_ACCOUNTS` lacks an account with open withdrawals or in a route: its
 * facts would not be read.
 */
@Injectable()
export class AccountInUse implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const rows = await untilReachable(
      () => this.database.query<{ venue: string; routes: number; open: number }>(USED),
      (error) =>
        this.logger.warn({ err: error }, 'the check of VENUE_ACCOUNTS waits for the database'),
    );
    const fault = missingAccounts(rows, VENUES);
    if (fault !== null) throw new ConfigError(fault);
  }
}

interface Use {
  readonly venue: string;
  readonly routes: number;
  readonly open: number;
}

/** Returns the accounts in use and not listed as one sentence; null without such an account. */
export function missingAccounts(used: readonly Use[], listed: readonly string[]): string | null {
  const missing = used.filter(({ venue }) => programOf(venue) !== venue && !listed.includes(venue));
  if (missing.length === 0) return null;
  const uses = missing.map(
    ({ venue, routes, open }) => `${venue} (${routes} routes, ${open} open withdrawals)`,
  );
  return `VENUE_ACCOUNTS lacks accounts in use: ${uses.join(', ')}. Add the names; remove an account after its routes are changed and its withdrawals have ended`;
}

const USED = `
  SELECT venue, sum(routes)::int AS routes, sum(open)::int AS open FROM (
    SELECT venue, 1 AS routes, 0 AS open FROM route
    UNION ALL SELECT w.venue, 0, 1 FROM open_withdrawal o JOIN withdrawal w USING (id)
    UNION ALL SELECT w.venue, 0, 1 FROM withdrawal w, recovery r
      WHERE w.number > r.scanned_to AND w.state NOT IN ('rejected', 'completed', 'returned', 'failed', 'cancelled')
        AND NOT EXISTS (SELECT FROM open_withdrawal o WHERE o.id = w.id)
  ) used GROUP BY venue ORDER BY venue`;
