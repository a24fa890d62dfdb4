import { checkInvariants, type Database, type InvariantReport } from '@sluice/postgres';

/** Invariants of the platform tables in every service. */
export const PLATFORM_INVARIANTS = new URL('../postgres/invariants/', import.meta.url);

/** Merges a service's invariant report with the report about the platform tables. */
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
