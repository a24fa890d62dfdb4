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

/** GRANT statements for a role that owns no table: it sees the partitions, and makes and drops them only through the functions that decide when. `role` comes quoted. */
export function platformGrants(role: string): readonly string[] {
  return [
    `GRANT SELECT ON migrations, partitioned_table, table_partition TO ${role}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON inbox, inbox_default, outbox, dead_letter, skipped_batch, retention TO ${role}`,
    `GRANT SELECT, INSERT ON set_aside_row TO ${role}`,
    `GRANT SELECT, UPDATE ON readiness_probe TO ${role}`,
    `GRANT SELECT, INSERT ON audit_entry, approval TO ${role}`,
    `GRANT UPDATE (approved_by, approver_roles, approved_at, voided_by, voided_at) ON approval TO ${role}`,
    `GRANT EXECUTE ON FUNCTION create_partitions_ahead(), drop_old_partitions() TO ${role}`,
  ];
}
