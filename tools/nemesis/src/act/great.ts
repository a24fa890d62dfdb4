import { setTimeout as sleep } from 'node:timers/promises';
import { connectorOf, type DatabaseKey, type VenueName } from '@sluice/stack';
import { databaseOf, instancesOf, SERVICES, type Service } from '../world/names.js';
import type { World } from '../world/world.js';
import { whileDown } from './servers.js';
import type { Stage } from './stage.js';

const LONGEST_WAIT_FOR_RECORD_MS = 12_000;

/** What each service's consumer group reads. */
export function topicsOf(service: Service): readonly string[] {
  if (service === 'intake-api') return ['ledger.events', 'venue.events'];
  return service === 'ledger'
    ? ['ledger.commands']
    : [`venue.${service.slice('connector-'.length)}.commands`];
}

/** All instances of these services are dead while the work is done; then they start, two at a time. */
export async function withoutServices(
  world: World,
  services: readonly Service[],
  work: () => Promise<void>,
): Promise<void> {
  const instances = services.flatMap(instancesOf).map((name) => world.instance(name));
  await Promise.all(instances.map((instance) => instance.killAndStay()));
  try {
    await work();
  } finally {
    for (let index = 0; index < instances.length; index += 2)
      await Promise.all(instances.slice(index, index + 2).map((instance) => instance.start()));
  }
}

export async function keepMoment(
  { world, moments }: Stage,
  moment: string,
  what: 'all' | VenueName,
): Promise<void> {
  await world.databases.keep(keysOf(what), moment);
  moments.set(moment, Date.now());
}

/** The databases are what they were at that moment, the log and the venues are not. Clients are told to look again at what they asked since. */
export async function putBack(
  { world, load, moments }: Stage,
  moment: string,
  what: 'all' | VenueName,
): Promise<void> {
  const kept = moments.get(moment);
  if (kept === undefined) throw new Error(`nothing was kept as ${moment}`);
  await withoutServices(world, servicesOf(what), async () => {
    for (const key of keysOf(what)) await world.databases.putBack(key, moment);
    if (what === 'all') load.doubt(kept - 10_000);
  });
}

export async function resetGroup(world: World, service: Service): Promise<void> {
  await withoutServices(world, [service], () => world.log.resetGroup(service, topicsOf(service)));
}

/** With its readers down, so that a record lies there unread; answers what was done. */
export async function flipUnread(
  stage: Stage,
  topic: string,
  reader: Service,
): Promise<string | undefined> {
  const { world, ended } = stage;
  let where: string | undefined;
  await withoutServices(world, [reader], async () => {
    const before = await world.log.endsOf(topic);
    let grown: readonly number[] = [];
    for (
      const until = Date.now() + LONGEST_WAIT_FOR_RECORD_MS;
      Date.now() < until && !ended.aborted;
      await sleep(300)
    ) {
      grown = [...(await world.log.endsOf(topic))]
        .filter(([partition, end]) => BigInt(end) > BigInt(before.get(partition) ?? '0'))
        .map(([partition]) => partition);
      if (grown.length > 0) break;
    }
    where = world.log.flipDigit(topic, grown);
  });
  return where;
}

export async function loseLog(
  { world, note }: Stage,
  act: 'delete-records' | 'recreate-topic' | 'cut-tails',
  topics: readonly string[],
): Promise<void> {
  if (act === 'cut-tails') {
    await whileDown(world.kafka.process, () =>
      note(
        `    ${topics.reduce((sum, topic) => sum + world.log.cutTails(topic), 0)} partitions lost their last batch`,
      ),
    );
    return;
  }
  for (const topic of topics)
    await (act === 'delete-records' ? world.log.deleteRecords(topic) : world.log.recreate(topic));
}

function servicesOf(what: 'all' | VenueName): readonly Service[] {
  return what === 'all' ? SERVICES : [connectorOf(what)];
}

function keysOf(what: 'all' | VenueName): readonly DatabaseKey[] {
  return servicesOf(what).map(databaseOf);
}
