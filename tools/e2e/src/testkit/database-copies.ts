import {
  databasesOf,
  layoutOf,
  loadSecrets,
  ownerOf,
  specOf,
  superuserUrlOf,
  type ServiceName,
  type System,
} from '@sluice/stack';
import { ensureServiceDatabases, withClient } from '@sluice/test-servers';
import pg from 'pg';

/** Copies of the databases of all services at the same moment, with a restore method. */
export class DatabaseCopies {
  private constructor(private readonly system: System) {}

  static async take(system: System): Promise<DatabaseCopies> {
    const copies = new DatabaseCopies(system);
    await copies.whileShut(async (client) => {
      for (const name of copies.names) await create(client, copyOf(name), name);
    });
    return copies;
  }

  /** All databases are put back; every service is killed meanwhile. Resolves when their next lives are ready. */
  async restore(): Promise<void> {
    const { services, system } = this;
    await this.whileShut(async (client) => {
      await Promise.all(services.map((service) => system.kill(service)));
      for (const service of services) {
        const name = specOf(service).database;
        await client.query(`DROP DATABASE ${pg.escapeIdentifier(name)} WITH (FORCE)`);
        await create(client, name, copyOf(name), ownerOf(service));
      }
    });
    const secrets = loadSecrets(layoutOf(system.home).secrets);
    await ensureServiceDatabases(this.adminUrl, databasesOf(services, secrets));
    await Promise.all(services.map((service) => system.untilReady(service)));
  }

  private get services(): readonly ServiceName[] {
    return (Object.keys(this.system.run.databases) as ServiceName[]).filter((name) =>
      this.system.processes.has(name),
    );
  }

  private get names(): readonly string[] {
    return this.services.map((service) => specOf(service).database);
  }

  private get adminUrl(): string {
    return superuserUrlOf(this.system, 'postgres');
  }

  /**
   * Runs work without connections to the databases; new connections are refused until the work is
   * done.
   */
  private async whileShut(work: (client: pg.Client) => Promise<void>): Promise<void> {
    await withClient(this.adminUrl, async (client) => {
      const { names } = this;
      const open = (isOpen: boolean) =>
        client.query(
          names
            .map(
              (name) => `ALTER DATABASE ${pg.escapeIdentifier(name)} ALLOW_CONNECTIONS ${isOpen}`,
            )
            .join('; '),
        );
      await open(false);
      for (let left = 1; left > 0;) {
        const ended = await client.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY ($1)',
          [names],
        );
        left = ended.rowCount ?? 0;
      }
      try {
        await work(client);
      } finally {
        await open(true);
      }
    });
  }
}

function copyOf(name: string): string {
  return `${name}_copy`;
}

async function create(
  client: pg.Client,
  name: string,
  from: string,
  owner?: string,
): Promise<void> {
  const of = owner === undefined ? '' : ` OWNER ${pg.escapeIdentifier(owner)}`;
  await client.query(
    `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(from)}${of}`,
  );
}
