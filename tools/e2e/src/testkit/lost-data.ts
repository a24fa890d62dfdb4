import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Databases, type ServiceName, type System } from '@sluice/stack';

/**
 * Copies the databases of all services at the same moment. Returns a function that puts all
 * databases back and kills every service meanwhile; it resolves when their next lives are ready.
 */
export async function copyDatabases(system: System): Promise<() => Promise<void>> {
  const databases = Databases.ofSystem(system);
  const services = (Object.keys(system.run.databases) as ServiceName[]).filter((name) =>
    system.processes.has(name),
  );
  await databases.backUp(services, 'copy');
  return async () => {
    await databases.whileShut(services, async () => {
      await Promise.all(services.map((service) => system.kill(service)));
      for (const service of services) await databases.restoreBackup(service, 'copy');
    });
    await Promise.all(services.map((service) => system.untilReady(service)));
  };
}

/**
 * Deletes the log of every partition from the broker's folder, including the consumer group
 * offsets; the topic list stays.
 */
export function emptyBroker(dataDir: string): void {
  const logs = join(dataDir, 'logs');
  for (const folder of readdirSync(logs))
    if (/-\d+$/.test(folder) && !folder.startsWith('__cluster_metadata'))
      rmSync(join(logs, folder), { recursive: true, force: true });
}
