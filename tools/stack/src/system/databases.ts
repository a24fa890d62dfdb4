import { setTimeout as sleep } from 'node:timers/promises';
import { ensureServiceDatabases, withClient } from '@sluice/test-servers';
import pg from 'pg';
import { layoutOf } from '../layout/layout.js';
import type { RunFile } from '../layout/run-file.js';
import { RecordedWithdrawals } from '../load/recorded-withdrawals.js';
import { ownerOf, specOf, type ServiceName } from '../tables/services.js';
import { databasesOf, migrateServices, ownerUrl, superuserUrlOf } from './service-databases.js';
import { loadSecrets, type StackSecrets } from './stack-secrets.js';

const quoted = pg.escapeIdentifier;

/** The services' databases, as PostgreSQL's superuser: backups, restores and faults. */
export class Databases {
  constructor(
    private readonly adminUrl: (database: string) => string,
    private readonly secrets: StackSecrets,
  ) {}

  static ofSystem(system: {
    readonly home: string;
    readonly run: Pick<RunFile, 'databases' | 'ca_file'>;
  }): Databases {
    const secrets = loadSecrets(layoutOf(system.home).secrets);
    return new Databases((database) => superuserUrlOf(system, database), secrets);
  }

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
    await withClient(this.adminUrl(nameOf(service)), async (client) => {
      await client.query('BEGIN');
      await client.query(`LOCK TABLE ${quoted(table)} IN ACCESS EXCLUSIVE MODE`);
      await sleep(forMs, undefined, { signal: ended }).catch(() => undefined);
      await client.query('ROLLBACK');
    });
  }

  /** Runs the work without sessions of the services, which are refused until the end. */
  async whileShut(
    services: readonly ServiceName[],
    work: (client: pg.Client) => Promise<void>,
  ): Promise<void> {
    const names = services.map(nameOf);
    await this.admin(async (client) => {
      try {
        for (const name of names) await admit(client, name, false);
        for (const name of names) await untilGone(client, name);
        await work(client);
      } finally {
        for (const name of names) await admit(client, name, true);
      }
    });
  }

  /** Copies the databases at a single moment, as templates, which must have no sessions. */
  backUp(services: readonly ServiceName[], backup: string): Promise<void> {
    return this.whileShut(services, async (client) => {
      for (const name of services.map(nameOf)) {
        const copy = `${name}_${backup}`;
        await drop(client, copy);
        await client.query(`CREATE DATABASE ${quoted(copy)} TEMPLATE ${quoted(name)}`);
      }
    });
  }

  /**
   * Replaces the database by the backup. Open sessions are ended; the service is down, or connects
   * again.
   */
  async restoreBackup(service: ServiceName, backup: string): Promise<void> {
    await this.admin(async (client) => {
      await drop(client, nameOf(service));
      await copyBackup(client, service, backup, nameOf(service));
    });
    await this.ensure([service]);
  }

  /**
   * Swaps the backup in under a running service: clients see a fail-over to a lagging standby. The
   * copy is made first: the database is missing only for a moment.
   */
  async swapIn(service: ServiceName, backup: string): Promise<void> {
    const present = nameOf(service);
    const [next, gone] = [`${present}_next`, `${present}_gone`] as const;
    const rename = (from: string, to: string): string =>
      `ALTER DATABASE ${quoted(from)} RENAME TO ${quoted(to)}`;
    await this.admin(async (client) => {
      await drop(client, next);
      await copyBackup(client, service, backup, next);
    });
    await this.whileShut([service], async (client) => {
      await client.query(rename(present, gone));
      await client.query(rename(next, present));
    });
    await this.ensure([service]);
    await this.admin((client) => drop(client, gone));
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
    const { rows } = await withClient(this.adminUrl(nameOf(service)), (client) =>
      client.query<Row>(sql, values),
    );
    return rows;
  }

  recordedWithdrawals(): RecordedWithdrawals {
    return new RecordedWithdrawals({
      query: async (sql, values) => ({ rows: await this.rows('intake-api', sql, values) }),
    });
  }

  private admin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    return withClient(this.adminUrl('postgres'), work);
  }
}

function nameOf(service: ServiceName): string {
  return specOf(service).database;
}

async function admit(client: pg.Client, name: string, isOpen: boolean): Promise<void> {
  await client.query(`ALTER DATABASE ${quoted(name)} WITH ALLOW_CONNECTIONS ${isOpen}`);
}

async function drop(client: pg.Client, name: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`);
}

async function copyBackup(
  client: pg.Client,
  service: ServiceName,
  backup: string,
  to: string,
): Promise<void> {
  const template = quoted(`${nameOf(service)}_${backup}`);
  await client.query(
    `CREATE DATABASE ${quoted(to)} TEMPLATE ${template} OWNER ${quoted(ownerOf(service))}`,
  );
}

async function terminateAll(client: pg.Client, name: string): Promise<number> {
  const { rowCount } = await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [name],
  );
  return rowCount ?? 0;
}

/** A session ends some time after its backend was told to end. */
async function untilGone(client: pg.Client, name: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await terminateAll(client, name)) === 0) return;
    await sleep(50);
  }
  throw new Error(`sessions of ${name} do not end`);
}
