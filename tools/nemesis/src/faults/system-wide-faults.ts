import { topicsConsumedBy } from '@sluice/messages';
import { pause, type Random, type ServiceName } from '@sluice/stack';
import type { SupervisedProcess } from '@sluice/test-servers';
import type { Load } from '../load/load.js';
import { killAndStay } from '../system/instance.js';
import type { SystemUnderTest } from '../system/system-under-test.js';
import { AUDITOR, instancesOf } from '../system/names.js';

/** Context of a fault: the system, the load, and the run's own knowledge. */
export interface FaultContext {
  readonly system: SystemUnderTest;
  readonly load: Load;
  readonly random: Random;
  /** Aborted if the run is stopped early. */
  readonly ended: AbortSignal;
  readonly note: (line: string) => void;
  /** Time of each backup by name; Unix milliseconds. */
  readonly backups: Map<string, number>;
}

const LONGEST_WAIT_FOR_RECORD_MS = 12_000;

/**
 * Keeps all instances of the services down during the work, and starts the instances afterwards,
 * two at a time. An instance that does not start leaves no other instance down.
 */
export async function withoutServices(
  system: SystemUnderTest,
  services: readonly ServiceName[],
  work: () => Promise<void>,
): Promise<void> {
  const instances = services
    .flatMap(instancesOf)
    .flatMap((name) => system.instances.get(name) ?? []);
  await Promise.all(instances.map((instance) => instance.killAndStay()));
  try {
    await work();
  } finally {
    const started: PromiseSettledResult<void>[] = [];
    for (let index = 0; index < instances.length; index += 2)
      started.push(
        ...(await Promise.allSettled(
          instances.slice(index, index + 2).map((instance) => instance.start()),
        )),
      );
    const failed = started.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

export async function takeBackup(
  { system, backups }: FaultContext,
  backup: string,
  what: 'all' | ServiceName,
): Promise<void> {
  await system.databases.backUp(servicesOf(system, what), backup);
  backups.set(backup, Date.now());
}

/**
 * Puts the databases back to a backup, with their services stopped or, `live`, under them; the log and the venues stay as they are. After a
 * restore of what intake-api knows, clients look again at what they have asked for since. Answers how many databases went back.
 */
export async function restoreBackup(
  { system, load, backups }: FaultContext,
  backup: string,
  { what, live = false }: { readonly what: 'all' | ServiceName; readonly live?: boolean },
): Promise<number> {
  const takenAt = backups.get(backup);
  if (takenAt === undefined) throw new Error(`there is no backup ${backup}`);
  const services = servicesOf(system, what);
  const forgetsRequests = services.includes('intake-api');
  if (live) {
    await Promise.all(services.map((service) => system.databases.swapIn(service, backup)));
    if (forgetsRequests) load.doubt(takenAt - 10_000);
    return services.length;
  }
  await withoutServices(system, services, async () => {
    for (const service of services) await system.databases.restoreBackup(service, backup);
    if (forgetsRequests) load.doubt(takenAt - 10_000);
  });
  return services.length;
}

export async function resetGroup(system: SystemUnderTest, service: ServiceName): Promise<void> {
  await withoutServices(system, [service], () =>
    system.log.resetGroup(service, topicsConsumedBy(service)),
  );
}

/**
 * Flips a digit in an unread record while the readers are down. Returns the place of the change.
 */
export async function flipUnread(
  context: FaultContext,
  topic: string,
  reader: ServiceName,
): Promise<string | undefined> {
  const { system, ended } = context;
  let where: string | undefined;
  await withoutServices(system, [reader], async () => {
    const before = await system.log.endsOf(topic);
    let grown: readonly number[] = [];
    for (
      const until = Date.now() + LONGEST_WAIT_FOR_RECORD_MS;
      Date.now() < until && !ended.aborted;
      await pause(300)
    ) {
      grown = [...(await system.log.endsOf(topic))]
        .filter(([partition, end]) => BigInt(end) > BigInt(before.get(partition) ?? '0'))
        .map(([partition]) => partition);
      if (grown.length > 0) break;
    }
    where = system.log.flipDigit(topic, grown);
  });
  return where;
}

/** Returns the number of affected topics; for `cut-tails` the number of affected partitions. */
export async function loseLog(
  { system, note }: FaultContext,
  action: 'delete-records' | 'recreate-topic' | 'cut-tails',
  topics: readonly string[],
): Promise<number> {
  if (action === 'cut-tails') {
    let cut = 0;
    await whileDown(system.kafka.process, () => {
      cut = topics.reduce((sum, topic) => sum + system.log.cutTails(topic), 0);
    });
    note(`    ${cut} partitions lost their last batch`);
    return cut;
  }
  for (const topic of topics)
    await (action === 'delete-records'
      ? system.log.deleteRecords(topic)
      : system.log.recreate(topic));
  return topics.length;
}

function servicesOf(system: SystemUnderTest, what: 'all' | ServiceName): readonly ServiceName[] {
  if (what !== 'all') return [what];
  // a restored auditor reads Kafka again from the beginning, after an operator's command
  return system.scope.services.filter((service) => service !== AUDITOR);
}

/** Kills the server with `kill -9`; the supervisor restarts the server. */
export async function killServer(
  system: SystemUnderTest,
  server: SupervisedProcess,
): Promise<void> {
  system.killed.add(server.name);
  await server.kill('SIGKILL');
  await server.untilReady();
}

/** Kills the server, runs the work on the server's files, and starts the server. */
async function whileDown(server: SupervisedProcess, work: () => void): Promise<void> {
  await killAndStay(server);
  work();
  await server.restart();
}

export async function freezeServer(
  server: SupervisedProcess,
  forMs: number,
  ended: AbortSignal,
): Promise<void> {
  await server.kill('SIGSTOP');
  await pause(forMs, ended);
  if (server.pid() !== undefined) await server.kill('SIGCONT');
}
