import { setTimeout as sleep } from 'node:timers/promises';
import { unreachable } from '@sluice/result';
import {
  describe,
  type Fault,
  type ScheduledFault,
  type Weather as DrawnWeather,
} from '../schedule/fault.js';
import type { Weather } from '../world/tcp-relay.js';
import { VENUE_FACTS } from '../world/venue-facts.js';
import { flipUnread, loseLog, putBack, resetGroup } from './great.js';
import { freezeServer, killServer } from './servers.js';
import type { Stage } from './stage.js';

type Of<Group extends Fault['group']> = Extract<Fault, { group: Group }>;

/** Plays one fault to its end. A fault that cannot be played now (its process is between two lives) says so and is over. */
export async function act(stage: Stage, { number, fault }: ScheduledFault): Promise<void> {
  const { world, ended } = stage;
  switch (fault.group) {
    case 'kill':
      world.doomed.add(fault.process);
      return world.instance(fault.process).kill();
    case 'freeze':
      return freeze(stage, fault);
    case 'clock':
      return moveClock(stage, fault);
    case 'venue':
      return meddle(stage, fault);
    case 'network':
      return weather(stage, fault);
    case 'database':
      return disturbDatabase(stage, fault);
    case 'broker':
      return fault.act === 'kill'
        ? killServer(world, world.kafka.process)
        : freezeServer(world.kafka.process, fault.forMs, ended);
    case 'log-loss':
      return loseLog(stage, fault.act, fault.topics);
    case 'corruption':
      return stage.note(
        `    #${number}: ${(await flipUnread(stage, fault.topic, fault.reader)) ?? 'no record with an amount lay there'}`,
      );
    case 'group-reset':
      return resetGroup(world, fault.service);
    case 'restore':
      return putBack(stage, momentOf(number), fault.what);
    case 'disk':
      return fillDisk(stage, fault);
    default:
      return unreachable(fault);
  }
}

/** Under which name the databases are kept for the fault of this number. */
export function momentOf(number: number): string {
  return `m${number}`;
}

async function freeze({ world, ended }: Stage, { process, forMs }: Of<'freeze'>): Promise<void> {
  const instance = world.instance(process);
  instance.freeze();
  await pause(forMs, ended);
  instance.thaw();
}

async function moveClock(
  { world, ended }: Stage,
  { process, offsetMs, forMs, restart }: Of<'clock'>,
): Promise<void> {
  const instance = world.instance(process);
  instance.setClock(offsetMs);
  if (restart) {
    world.doomed.add(process);
    instance.kill();
  }
  await pause(forMs, ended);
  instance.setClock(0);
}

async function meddle({ world, ended }: Stage, fault: Of<'venue'>): Promise<void> {
  const book = world.book(fault.venue);
  if ('mischief' in fault) {
    const stop = world.meddle(fault.venue, { mischief: fault.mischief, share: fault.share });
    await pause(fault.forMs, ended);
    return stop();
  }
  if (fault.simulator === 'listing-lags') await book.settings({ listing_delay_ms: fault.ms });
  else
    for (const endpoint of VENUE_FACTS[fault.venue].listEndpoints)
      await book.arm(endpoint, 'status_goes_back', 3);
  await pause(fault.forMs, ended);
  if (fault.simulator === 'listing-lags') await book.settings({ listing_delay_ms: 0 });
}

async function weather({ world, ended }: Stage, fault: Of<'network'>): Promise<void> {
  const relay = fault.to === 'kafka' ? world.kafkaRelay : world.databaseRelays.get(fault.to);
  relay?.set(weatherOf(fault.weather));
  await pause(fault.forMs, ended);
  relay?.set({});
  if (fault.weather.kind === 'swallow') relay?.cutAll(); // a stream with a hole in it is of no use to anybody
}

function weatherOf({ kind, direction, ms }: DrawnWeather): Weather {
  if (kind === 'refuse') return { refuse: true };
  if (kind === 'swallow') return { swallow: direction === 'both' ? 'there' : direction };
  return { delayMs: direction === 'both' ? { there: ms, back: ms } : { [direction]: ms } };
}

async function disturbDatabase({ world, ended }: Stage, fault: Of<'database'>): Promise<void> {
  if (fault.act === 'kill-postmaster') return killServer(world, world.postgres.process);
  if (fault.act === 'lock') return world.databases.lock(fault.of, fault.table, fault.forMs, ended);
  for (let time = 0; time < fault.times && !ended.aborted; time += 1) {
    await world.databases.terminate(fault.of);
    await pause(700, ended);
  }
}

async function fillDisk({ world, ended, note }: Stage, fault: Of<'disk'>): Promise<void> {
  if (!world.disks)
    return note(`    skipped: ${describe(fault)}: ${world.whyNoDisks ?? 'not asked for'}`);
  world.disks.fill(fault.of);
  await pause(fault.forMs, ended);
  world.disks.empty(fault.of);
}

async function pause(ms: number, ended: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: ended }).catch(() => undefined);
}
