import type { Database } from './database.js';

/**
 * Returns why the database takes no writes now, or null. It really writes, one row of a table that nothing else uses: a server that only
 * reads, is out of disk space or locked still answers every query. Another instance's probe of the same row does no harm, it is brief.
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
