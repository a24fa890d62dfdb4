import { TEST_OWNER, withClient } from '@sluice/test-servers';

/** Copies a database; the returned function puts the copy back, even under connected clients. */
export async function backUp(url: string): Promise<() => Promise<void>> {
  const name = new URL(url).pathname.slice(1);
  const copy = `${name}_backup`;
  const run = (...statements: readonly string[]) =>
    withClient(new URL('/postgres', url).href, async (client) => {
      for (const sql of statements) await client.query(sql);
    });
  const terminate = `SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = '${name}'`;
  await run(
    `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`,
    terminate,
    `CREATE DATABASE ${copy} TEMPLATE ${name}`,
    `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`,
  );
  return () =>
    run(
      `DROP DATABASE ${name} WITH (FORCE)`,
      `CREATE DATABASE ${name} TEMPLATE ${copy} OWNER ${TEST_OWNER}`,
      `DROP DATABASE ${copy}`,
    );
}
