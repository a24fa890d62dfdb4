import { ownerOf, specOf, superuserUrlOf, type ServiceName, type System } from '@sluice/stack';
import { withClient } from '@sluice/test-servers';

/**
 * Copies the current database of a service. Returns a function to restore the copy, even while the
 * database is in use.
 */
export async function backUp(system: System, service: ServiceName): Promise<() => Promise<void>> {
  const { database } = specOf(service);
  const copy = `${database}_backup`;
  const run = (...statements: readonly string[]) => asSuperuser(system, statements);
  await run(
    `ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS false`,
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${database}'`,
    `CREATE DATABASE ${copy} TEMPLATE ${database}`,
    `ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS true`,
  );
  return () =>
    run(
      `DROP DATABASE ${database} WITH (FORCE)`,
      `CREATE DATABASE ${database} TEMPLATE ${copy} OWNER ${ownerOf(service)}`,
      `GRANT CONNECT ON DATABASE ${database} TO ${database}`,
    );
}

async function asSuperuser(system: System, statements: readonly string[]): Promise<void> {
  await withClient(superuserUrlOf(system, 'postgres'), async (client) => {
    for (const sql of statements) await client.query(sql);
  });
}
