import { checkInvariants, type Database, type InvariantReport } from '@sluice/postgres';

/** What must hold in the tables that every service has. */
export const PLATFORM_INVARIANTS = new URL('./postgres/invariants/', import.meta.url);

/** A service's own report, and that of the platform's tables in its database, as one. */
export async function withPlatformInvariants(
  database: Database,
  check: (database: Database) => Promise<InvariantReport>,
): Promise<InvariantReport> {
  const own = await check(database);
  const platform = await checkInvariants(database, PLATFORM_INVARIANTS);
  return {
    checked: own.checked + platform.checked,
    violations: [...own.violations, ...platform.violations],
    populations: { ...own.populations, ...platform.populations },
  };
}
