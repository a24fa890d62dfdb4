import { superuserUrlOf, type System } from '@sluice/stack';
import { Client } from 'pg';

/** Opens a connection of PostgreSQL's superuser to the database of each service. */
export async function superuserClients(
  system: Pick<System, 'run' | 'home'>,
): Promise<ReadonlyMap<string, Client>> {
  const clients = Object.entries(system.run.databases).map(
    async ([service, url]) =>
      [service, await openClient(superuserUrlOf(system, new URL(url).pathname.slice(1)))] as const,
  );
  return new Map(await Promise.all(clients));
}

/** A failed run stops the server: the running or next query reports the error. */
export async function openClient(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
