import type { Database } from '../database/database.js';

interface PartitionMaintenance {
  readonly made: readonly string[];
  readonly dropped: readonly string[];
}

/**
 * Creates partitions ahead and drops expired partitions, for all tables of the database. Any number
 * of processes may call this at any time: calls queue, and the second finds no pending work. Each
 * step is a transaction, and a crash leaves no partial result.
 */
export async function maintainPartitions(
  database: Pick<Database, 'query'>,
): Promise<PartitionMaintenance> {
  const [ahead] = await database.query<{ made: string[] }>(
    'SELECT create_partitions_ahead() AS made',
  );
  const [over] = await database.query<{ dropped: string[] }>(
    'SELECT drop_old_partitions() AS dropped',
  );
  return { made: ahead?.made ?? [], dropped: over?.dropped ?? [] };
}
