import {
  databasesOf,
  migrateServices,
  ownerOf,
  ownerUrl,
  specOf,
  type ServiceName,
  type StackSecrets,
} from '@sluice/stack';
import { ensureServiceDatabases } from '@sluice/test-servers';
import pg from 'pg';

/** Faults of the services' databases, executed by the superuser without a relay. */
export class Databases {
  constructor(
    private readonly adminUrl: (database: string) => string,
    private readonly secrets: StackSecrets,
  ) {}

  /**
   * Ends every session of a service; new sessions are accepted at once. Returns the number of ended
   * sessions.
   */
  async terminate(service: ServiceName): Promise<number> {
    return this.admin((client) => terminateAll(client, nameOf(service)));
  }

  /** Locks the table against all reads and writes for the given time. */
  async lock(
    service: ServiceName,
    table: string,
    forMs: number,
    ended: AbortSignal,
  ): Promise<void> {
    await this.in(nameOf(service), async (client) => {
      await client.query('BEGIN');
      await client.query(`LOCK TABLE ${pg.escapeIdentifier(table)} IN ACCESS EXCLUSIVE MODE`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, forMs);
        ended.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      });
      await client.query('ROLLBACK');
    });
  }

  /**
   * Copies the databases at a single moment, as templates. All sessions are ended, because a
   * template must have no sessions.
   */
  async backUp(services: readonly ServiceName[], backup: string): Promise<void> {
    await this.admin(async (client) => {
      try {
        for (const service of services)
          await client.query(
            `ALTER DATABASE ${pg.escapeIdentifier(nameOf(service))} WITH ALLOW_CONNECTIONS false`,
          );
        for (const service of services) await untilGone(client, nameOf(service));
        for (const service of services) {
          const copy = pg.escapeIdentifier(`${nameOf(service)}_${backup}`);
          await client.query(`DROP DATABASE IF EXISTS ${copy} WITH (FORCE)`);
          await client.query(
            `CREATE DATABASE ${copy} TEMPLATE ${pg.escapeIdentifier(nameOf(service))}`,
          );
        }
      } finally {
        for (const service of services)
          await client.query(
            `ALTER DATABASE ${pg.escapeIdentifier(nameOf(service))} WITH ALLOW_CONNECTIONS true`,
          );
      }
    });
  }

  /** Replaces the database by the backup. The service must be down. */
  async restoreBackup(service: ServiceName, backup: string): Promise<void> {
    const name = nameOf(service);
    await this.admin(async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
      await client.query(
        `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(`${name}_${backup}`)} OWNER ${pg.escapeIdentifier(ownerOf(service))}`,
      );
    });
    await this.ensure([service]);
  }

  /**
   * Swaps the backup in under a running service: clients see a fail-over to a lagging standby. The
   * copy is made first: the database is missing only for a moment.
   */
  async swapIn(service: ServiceName, backup: string): Promise<void> {
    const name = nameOf(service);
    const [present, next, gone] = [name, `${name}_next`, `${name}_gone`].map((one) =>
      pg.escapeIdentifier(one),
    ) as [string, string, string];
    await this.admin(async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${next} WITH (FORCE)`);
      await client.query(
        `CREATE DATABASE ${next} TEMPLATE ${pg.escapeIdentifier(`${name}_${backup}`)} OWNER ${pg.escapeIdentifier(ownerOf(service))}`,
      );
      await client.query(`ALTER DATABASE ${present} WITH ALLOW_CONNECTIONS false`);
      try {
        await untilGone(client, name);
        await client.query(`ALTER DATABASE ${present} RENAME TO ${gone}`);
        await client.query(`ALTER DATABASE ${next} RENAME TO ${present}`);
      } finally {
        await client.query(`ALTER DATABASE ${present} WITH ALLOW_CONNECTIONS true`);
      }
    });
    await this.ensure([service]);
    await this.admin((client) => client.query(`DROP DATABASE IF EXISTS ${gone} WITH (FORCE)`));
  }

  /** Creates missing roles, rights and databases of the services; existing objects stay. */
  async ensure(services: readonly ServiceName[]): Promise<void> {
    await ensureServiceDatabases(this.adminUrl('postgres'), databasesOf(services, this.secrets));
  }

  /**
   * Migrates the databases to the schema of the checkout's services, each as the database's owner.
   */
  async migrate(services: readonly ServiceName[], code: string): Promise<void> {
    const port = Number(new URL(this.adminUrl('postgres')).port);
    await migrateServices(
      services.map((name) => ({
        name,
        login: nameOf(name),
        ownerUrl: ownerUrl(name, this.secrets, { port }),
      })),
      code,
    );
  }

  async rows<Row extends pg.QueryResultRow>(
    service: ServiceName,
    sql: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    return this.in(nameOf(service), async (client) => (await client.query<Row>(sql, values)).rows);
  }

  private admin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    return this.in('postgres', work);
  }

  private async in<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({
      connectionString: this.adminUrl(database),
      connectionTimeoutMillis: 10_000,
    });
    client.on('error', () => undefined); // the running statement reports the error
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function nameOf(service: ServiceName): string {
  return specOf(service).database;
}

async function terminateAll(client: pg.Client, name: string): Promise<number> {
  const { rowCount } = await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [name],
  );
  return rowCount ?? 0;
}

async function untilGone(client: pg.Client, name: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { rows } = await client.query<{ open: string }>(
      'SELECT count(*)::text AS open FROM pg_stat_activity WHERE datname = $1',
      [name],
    );
    if (rows[0]?.open === '0') return;
    await terminateAll(client, name);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sessions of ${name} do not end`);
}
