import type { Database } from '../database/database.js';

/**
 * Returns the reason if the database accepts no writes, or null. The probe writes a row of a table
 * used only by probes. A server that is read-only, locked or out of disk space still answers every
 * query. A concurrent probe by another instance is brief and does no harm.
 */
export async function probeWrites(database: Database): Promise<string | null> {
  try {
    await database.withClient((client) =>
      client.query(
        `SET LOCAL statement_timeout = '5s'; UPDATE readiness_probe SET probed_at = clock_timestamp()`,
      ),
    );
    return null;
  } catch (error) {
    return `the database takes no writes: ${(error as Error).message || String((error as { code?: unknown }).code)}`;
  }
}
