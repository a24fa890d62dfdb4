import { setTimeout as sleep } from 'node:timers/promises';
import { unreachable } from '@sluice/result';
import {
  describe,
  type Fault,
  type ScheduledFault,
  type NetworkCondition as DrawnCondition,
} from '../schedule/fault.js';
import type { NetworkCondition } from '../system/tcp-relay.js';
import { VENUE_FACTS } from '../system/venue-facts.js';
import { flipUnread, loseLog, restoreBackup, resetGroup } from './system-wide-faults.js';
import { freezeServer, killServer } from './server-faults.js';
import type { FaultContext } from './fault-context.js';

type Of<Group extends Fault['group']> = Extract<Fault, { group: Group }>;

/** Injects one fault and waits for its end. Throws when it cannot be injected now, because its process is being restarted. */
export async function injectFault(
  context: FaultContext,
  { number, fault }: ScheduledFault,
): Promise<void> {
  const { system, ended } = context;
  switch (fault.group) {
    case 'kill':
      system.killed.add(fault.process);
      return system.instance(fault.process).kill();
    case 'freeze':
      return freeze(context, fault);
    case 'clock':
      return moveClock(context, fault);
    case 'venue':
      return disturbVenue(context, fault);
    case 'network':
      return disturbNetwork(context, fault);
    case 'database':
      return disturbDatabase(context, fault);
    case 'broker':
      return fault.action === 'kill'
        ? killServer(system, system.kafka.process)
        : freezeServer(system.kafka.process, fault.forMs, ended);
    case 'log-loss':
      return loseLog(context, fault.action, fault.topics);
    case 'corruption':
      return context.note(
        `    #${number}: ${(await flipUnread(context, fault.topic, fault.reader)) ?? 'no record with an amount lay there'}`,
      );
    case 'group-reset':
      return resetGroup(system, fault.service);
    case 'restore':
      return restoreBackup(context, backupNameOf(number), fault.what);
    case 'disk':
      return fillDisk(context, fault);
    default:
      return unreachable(fault);
  }
}

/** The name of the backup that the restore of this number goes back to. */
export function backupNameOf(number: number): string {
  return `m${number}`;
}

async function freeze(
  { system, ended }: FaultContext,
  { process, forMs }: Of<'freeze'>,
): Promise<void> {
  const instance = system.instance(process);
  instance.freeze();
  await pause(forMs, ended);
  instance.thaw();
}

async function moveClock(
  { system, ended }: FaultContext,
  { process, offsetMs, forMs, restart }: Of<'clock'>,
): Promise<void> {
  const instance = system.instance(process);
  instance.setClock(offsetMs);
  if (restart) {
    system.killed.add(process);
    instance.kill();
  }
  await pause(forMs, ended);
  instance.setClock(0);
}

async function disturbVenue({ system, ended }: FaultContext, fault: Of<'venue'>): Promise<void> {
  const book = system.book(fault.venue);
  if ('requestFault' in fault) {
    const stop = system.disturbVenue(fault.venue, {
      requestFault: fault.requestFault,
      share: fault.share,
    });
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

async function disturbNetwork(
  { system, ended }: FaultContext,
  fault: Of<'network'>,
): Promise<void> {
  const relay = fault.to === 'kafka' ? system.kafkaRelay : system.databaseRelays.get(fault.to);
  relay?.set(conditionOf(fault.condition));
  await pause(fault.forMs, ended);
  relay?.set({});
  if (fault.condition.kind === 'swallow') relay?.cutAll(); // a stream with a hole in it is of no use to anybody
}

function conditionOf({ kind, direction, ms }: DrawnCondition): NetworkCondition {
  if (kind === 'refuse') return { refuse: true };
  if (kind === 'swallow') return { swallow: direction === 'both' ? 'there' : direction };
  return { delayMs: direction === 'both' ? { there: ms, back: ms } : { [direction]: ms } };
}

async function disturbDatabase(
  { system, ended }: FaultContext,
  fault: Of<'database'>,
): Promise<void> {
  if (fault.action === 'kill-postmaster') return killServer(system, system.postgres.process);
  if (fault.action === 'lock')
    return system.databases.lock(fault.of, fault.table, fault.forMs, ended);
  for (let time = 0; time < fault.times && !ended.aborted; time += 1) {
    await system.databases.terminate(fault.of);
    await pause(700, ended);
  }
}

async function fillDisk({ system, ended, note }: FaultContext, fault: Of<'disk'>): Promise<void> {
  if (!system.disks)
    return note(`    skipped: ${describe(fault)}: ${system.whyNoDisks ?? 'not asked for'}`);
  system.disks.fill(fault.of);
  await pause(fault.forMs, ended);
  system.disks.empty(fault.of);
}

async function pause(ms: number, ended: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: ended }).catch(() => undefined);
}
