import type { Ask } from './catalogue.js';

interface SeenStatement {
  readonly what: 'index' | 'rewrite';
  readonly table: string;
  readonly query: string;
}

/**
 * Records DDL events not visible in the final catalogue, using event triggers: index builds and
 * table rewrites. Requires a superuser.
 */
export async function watchDdl(ask: Ask): Promise<void> {
  await ask(WATCH);
}

/** Returns the operations since the last call with a lock long enough to block the last release. */
export async function longLocks(
  ask: Ask,
  existing: ReadonlySet<string>,
): Promise<readonly string[]> {
  const seen = await ask<SeenStatement>('DELETE FROM watch.seen RETURNING what, "table", query');
  return [
    ...new Set(
      seen
        .filter(({ table }) => existing.has(table))
        .filter(({ what, query }) => what !== 'index' || !/\bCONCURRENTLY\b/i.test(query))
        .map(({ what, table }) =>
          what === 'index'
            ? `builds an index of ${table} while writes are blocked: use CREATE INDEX CONCURRENTLY, in a migration without a transaction`
            : `rewrites ${table} while reads are blocked`,
        ),
    ),
  ];
}

const WATCH = `
  CREATE SCHEMA watch;
  CREATE TABLE watch.seen (what text, "table" text, query text);
  CREATE FUNCTION watch.note_index() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  BEGIN
    INSERT INTO watch.seen
    SELECT 'index', c.relname, current_query()
      FROM pg_event_trigger_ddl_commands() d JOIN pg_index i ON i.indexrelid = d.objid AND d.object_type = 'index' JOIN pg_class c ON c.oid = i.indrelid;
  END $$;
  CREATE FUNCTION watch.note_rewrite() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  BEGIN
    INSERT INTO watch.seen SELECT 'rewrite', relname, '' FROM pg_class WHERE oid = pg_event_trigger_table_rewrite_oid();
  END $$;
  CREATE EVENT TRIGGER note_index ON ddl_command_end WHEN TAG IN ('CREATE INDEX', 'ALTER TABLE') EXECUTE FUNCTION watch.note_index();
  CREATE EVENT TRIGGER note_rewrite ON table_rewrite EXECUTE FUNCTION watch.note_rewrite()`;
