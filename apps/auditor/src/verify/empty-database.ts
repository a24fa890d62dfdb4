import { Database, migrate } from '@sluice/postgres';
import { AUDITOR_SCHEMA } from '../postgres/schema.js';

const SERVER = 'postgres';
/** A comparison of all facts at once takes longer than a statement of a service may. */
export const LONGEST_MS = 3_600_000;

/**
 * Runs work in a new database, and drops the database afterwards. Throws if the database exists:
 * its rows would be part of the proof.
 */
export async function inEmptyDatabase<T>(
  url: string,
  /** Login of the running auditor: the owner of tables cannot be the service's login. */
  login: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const target = new URL(url);
  const name = decodeURIComponent(target.pathname.slice(1));
  if (!/^[a-z0-9_]{1,60}$/.test(name))
    throw new Error(
      'AUDIT_VERIFY_DATABASE_URL names a database of lower-case letters, digits and _',
    );
  const nameSql = `"${name}"`;
  const server = new URL(url);
  server.pathname = `/${SERVER}`;
  const administered = await Database.open({ url: server.href, name: 'audit verify' });
  try {
    await administered.query(`CREATE DATABASE ${nameSql}`);
    try {
      await administered.query(`ALTER DATABASE ${nameSql} SET synchronous_commit = off`);
      await migrate({ url, login, schema: AUDITOR_SCHEMA });
      const database = await Database.open({
        url,
        name: 'audit verify',
        statementTimeoutMs: LONGEST_MS,
      });
      try {
        return await work(database);
      } finally {
        await database.close();
      }
    } finally {
      await administered.query(`DROP DATABASE ${nameSql} WITH (FORCE)`);
    }
  } finally {
    await administered.close();
  }
}
