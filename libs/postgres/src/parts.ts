import type { Database } from './database.js';

export interface PartsKept {
  readonly made: readonly string[];
  readonly dropped: readonly string[];
}

/**
 * Makes the parts of the time to come and drops those whose time is over, for all tables of the database at once. Any number of processes
 * may do it at any time: they queue, and the second finds it done. Each step is one transaction, so a crash leaves nothing half made.
 */
export async function keepParts(database: Pick<Database, 'query'>): Promise<PartsKept> {
  const [ahead] = await database.query<{ made: string[] }>('SELECT make_parts_ahead() AS made');
  const [over] = await database.query<{ dropped: string[] }>('SELECT drop_old_parts() AS dropped');
  return { made: ahead?.made ?? [], dropped: over?.dropped ?? [] };
}

/** What a role needs that owns no table: it sees the parts, and has them made and dropped by the functions that know when. */
export function platformRights(role: string): readonly string[] {
  return [
    `GRANT SELECT ON migrations, parted, part TO ${role}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON inbox, inbox_default, outbox, parked_message, skipped_batch, retention TO ${role}`,
    `GRANT SELECT, UPDATE ON readiness_probe TO ${role}`,
    `GRANT EXECUTE ON FUNCTION make_parts_ahead(), drop_old_parts() TO ${role}`,
  ];
}
