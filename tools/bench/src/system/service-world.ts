import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ensureServiceDatabases,
  ensureTopics,
  freePort,
  startKafka,
  startPostgres,
  type ProcessGuard,
} from '@sluice/test-servers';

/** Password of every login in benchmarks. */
export const PASSWORD = 'bench';

const PARTITIONS = 6;
const READY_MS = 60_000;

/**
 * Starts PostgreSQL with an empty database of the service, Kafka with topics, and reserves a port
 * for the service.
 */
export async function startServers(
  home: string,
  guard: ProcessGuard,
  { name, topics }: { readonly name: string; readonly topics: readonly string[] },
) {
  const [pgPort, kafkaPort, controllerPort, port] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const place = (server: string) => ({
    dataDir: join(home, server),
    logFile: join(home, `${server}.log`),
  });
  const [postgres, kafkaServer] = [
    await startPostgres({ ...place('postgres'), port: pgPort, password: PASSWORD, guard }),
    await startKafka({ ...place('kafka'), port: kafkaPort, controllerPort, guard }),
  ];
  const owner = `${name}_owner`;
  await ensureServiceDatabases(postgres.adminUrl('postgres'), [
    { name, password: PASSWORD, owner: { name: owner, password: PASSWORD } },
  ]);
  await ensureTopics(
    kafkaServer,
    topics.map((topic) => ({ name: topic, partitions: PARTITIONS })),
  );
  const ownerUrl = `postgres://${owner}:${PASSWORD}@127.0.0.1:${pgPort}/${name}`;
  return { postgres, kafkaServer, pgPort, port, ownerUrl };
}

/** Throws when the process ends, or is not ready in time. */
export async function ready(url: string, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + READY_MS; Date.now() < until; await sleep(100)) {
    if (child.exitCode !== null) break;
    const answer = await fetch(url).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
  }
  throw new Error(`the service did not become ready at ${url}`);
}
