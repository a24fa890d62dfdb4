import type { Database } from './database.js';

export interface PartitionMaintenance {
  readonly made: readonly string[];
  readonly dropped: readonly string[];
}

/**
 * Makes the partitions of the days to come and drops those that retention no longer needs, for all tables of the database at once. Any number of processes
 * may do it at any time: they queue, and the second finds it done. Each step is one transaction, so a crash leaves nothing half made.
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
