import type { LinkCondition } from '@sluice/test-kit';
import { unreachable } from '@sluice/kernel';
import { pause, simulatedOf } from '@sluice/stack';
import {
  describe,
  type Fault,
  type ScheduledFault,
  type NetworkCondition,
} from '../schedule/fault.js';
import type { InstanceName } from '../system/names.js';
import { disturbChain } from './chain-faults.js';
import {
  flipUnread,
  freezeServer,
  killServer,
  loseLog,
  resetGroup,
  restoreBackup,
  type FaultContext,
} from './system-wide-faults.js';

type Of<Group extends Fault['group']> = Extract<Fault, { group: Group }>;

/**
 * Injects a fault and waits for the end of the fault. Returns the number of affected requests,
 * calls, transactions, chunks, sessions or processes. Throws if the fault cannot be injected
 * because the process is being restarted.
 */
export async function injectFault(
  context: FaultContext,
  { number, fault }: ScheduledFault,
): Promise<number> {
  const { system, ended } = context;
  switch (fault.group) {
    case 'kill':
      system.killed.add(fault.process);
      return system.instance(fault.process).kill() ? 1 : 0;
    case 'freeze':
      return freeze(context, fault);
    case 'clock':
      return fault.process === 'all'
        ? moveMachineClock(context, fault)
        : moveClock(context, fault.process, fault);
    case 'venue':
      return disturbVenue(context, fault);
    case 'chain':
      return disturbChain(context, fault);
    case 'network':
      return disturbNetwork(context, fault);
    case 'database':
      return disturbDatabase(context, fault);
    case 'broker':
      await (fault.action === 'kill'
        ? killServer(system, system.kafka.process)
        : freezeServer(system.kafka.process, fault.forMs, ended));
      return 1;
    case 'log-loss':
      return loseLog(context, fault.action, fault.topics);
    case 'corruption':
      return corrupt(context, number, fault);
    case 'group-reset':
      await resetGroup(system, fault.service);
      return 1;
    case 'restore':
      return restoreBackup(context, backupNameOf(number), fault);
    case 'disk':
      return fillDisk(context, fault);
    default:
      return unreachable(fault);
  }
}

/** Name of the backup used by the restore with this number. */
export function backupNameOf(number: number): string {
  return `m${number}`;
}

async function corrupt(
  context: FaultContext,
  number: number,
  { topic, reader }: Of<'corruption'>,
): Promise<number> {
  const where = await flipUnread(context, topic, reader);
  context.note(`    #${number}: ${where ?? 'the topic has no record with an amount'}`);
  return where === undefined ? 0 : 1;
}

async function freeze(
  { system, ended }: FaultContext,
  { process, forMs }: Of<'freeze'>,
): Promise<number> {
  const instance = system.instance(process);
  const isFrozen = instance.freeze();
  await pause(forMs, ended);
  instance.thaw();
  return isFrozen ? 1 : 0;
}

async function moveClock(
  { system, ended }: FaultContext,
  process: InstanceName,
  { offsetMs, forMs, restart }: Of<'clock'>,
): Promise<number> {
  const instance = system.instance(process);
  instance.setClock(offsetMs);
  if (restart) {
    system.killed.add(process);
    instance.kill();
  }
  await pause(forMs, ended);
  instance.setClock(0);
  return 1;
}

async function moveMachineClock(
  { system, ended }: FaultContext,
  { offsetMs, forMs }: Of<'clock'>,
): Promise<number> {
  system.setMachineClock(offsetMs);
  await pause(forMs, ended);
  system.setMachineClock(0);
  return system.instances.size + 1;
}

async function disturbVenue({ system, ended }: FaultContext, fault: Of<'venue'>): Promise<number> {
  if ('requestFault' in fault) {
    let met = 0;
    const { requestFault, share } = fault;
    const onStrike = (): void => void (met += 1);
    const stop = system.disturbVenue(fault.venue, { requestFault, share, onStrike });
    await pause(fault.forMs, ended);
    stop();
    return met;
  }
  const book = system.book(fault.venue);
  const listings = (): number => system.venueRelays.get(fault.venue)?.listings ?? 0;
  const before = listings();
  if (fault.simulator === 'listing-lags') await book.settings({ listing_delay_ms: fault.ms });
  else
    for (const endpoint of simulatedOf(fault.venue).api.listEndpoints)
      await book.arm(endpoint, 'status_goes_back', { times: 3 });
  await pause(fault.forMs, ended);
  if (fault.simulator === 'listing-lags') await book.settings({ listing_delay_ms: 0 });
  return listings() - before;
}

async function disturbNetwork(
  { system, ended }: FaultContext,
  fault: Of<'network'>,
): Promise<number> {
  const relay = fault.to === 'kafka' ? system.kafkaRelay : system.databaseRelays.get(fault.to);
  if (!relay) return 0;
  const before = relay.struck;
  relay.set(conditionOf(fault.condition));
  await pause(fault.forMs, ended);
  relay.set({});
  // a stream with a gap is useless to both sides
  if (fault.condition.kind === 'swallow') relay.cutAll();
  return relay.struck - before;
}

function conditionOf({ kind, direction, ms }: NetworkCondition): LinkCondition {
  if (kind === 'refuse') return { refuse: true };
  if (kind === 'swallow') return { swallow: direction === 'both' ? 'there' : direction };
  return { delayMs: direction === 'both' ? { there: ms, back: ms } : { [direction]: ms } };
}

async function disturbDatabase(
  { system, ended }: FaultContext,
  fault: Of<'database'>,
): Promise<number> {
  if (fault.action === 'kill-postmaster') {
    await killServer(system, system.postgres.process);
    return 1;
  }
  if (fault.action === 'lock') {
    await system.databases.lock(fault.of, fault.table, fault.forMs, ended);
    return 1;
  }
  let sessions = 0;
  for (let time = 0; time < fault.times && !ended.aborted; time += 1) {
    sessions += await system.databases.terminate(fault.of);
    await pause(700, ended);
  }
  return sessions;
}

async function fillDisk({ system, ended, note }: FaultContext, fault: Of<'disk'>): Promise<number> {
  if (!system.disks) {
    note(`    skipped: ${describe(fault)}: ${system.whyNoDisks ?? 'not requested'}`);
    return 0;
  }
  system.disks.fill(fault.of);
  await pause(fault.forMs, ended);
  system.disks.empty(fault.of);
  return 1;
}
