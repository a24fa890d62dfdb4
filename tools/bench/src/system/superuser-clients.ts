import { superuserUrlOf, type System } from '@sluice/stack';
import { Client } from 'pg';

/** Opens a connection of PostgreSQL's superuser to the database of each service. */
export async function superuserClients(
  system: Pick<System, 'run' | 'home'>,
): Promise<ReadonlyMap<string, Client>> {
  const clients = Object.entries(system.run.databases).map(([service, url]) => {
    const connectionString = superuserUrlOf(system, new URL(url).pathname.slice(1));
    return [service, new Client({ connectionString })] as const;
  });
  await Promise.all(
    clients.map(([, client]) => {
      // a failed run stops the server; the next query reports the error
      client.on('error', () => undefined);
      return client.connect();
    }),
  );
  return new Map(clients);
}
