import { topicsConsumedBy } from '@sluice/messages';
import {
  coreWith,
  connectorOf,
  SIMULATED_SERVICES,
  specOf,
  SIMULATED_NAMES,
  type ServiceName,
} from '@sluice/stack';
import type { Random } from '../random.js';
import type { RequestFault } from '../system/request-fault.js';
import { INSTANCES } from '../system/names.js';
import type { Fault, FaultGroup, ScheduledFault, NetworkCondition } from './fault.js';

export interface Drawing {
  readonly durationMs: number;
  readonly groups: ReadonlySet<FaultGroup>;
}

/** How often each is drawn, among those that are asked for. Small faults overlap as they like. */
const SMALL: Readonly<Partial<Record<FaultGroup, number>>> = {
  kill: 4,
  freeze: 3,
  clock: 3,
  venue: 9,
  network: 3,
  database: 3,
};
/** System-wide faults touch everything: the next comes when the last is over and the services had time to recover. */
const SYSTEM_WIDE: Readonly<Partial<Record<FaultGroup, number>>> = {
  broker: 3,
  database: 1,
  'log-loss': 4,
  corruption: 2,
  'group-reset': 2,
  restore: 2,
  disk: 1,
};

const FIRST_MS = 5_000;
const LAST_BEFORE_END_MS = 15_000;
const BETWEEN_SMALL_MS = [2_500, 7_000] as const;
const BETWEEN_SYSTEM_WIDE_MS = [25_000, 40_000] as const;
/** Backups are taken now and then, so that there is one to restore. */
export const KEEP_EVERY_MS = 30_000;

const MINUTE = 60_000;
export const OFFSETS: readonly number[] = [
  -60 * MINUTE,
  -10 * MINUTE,
  -2 * MINUTE,
  -30_000,
  -3_000,
  3_000,
  30_000,
  2 * MINUTE,
  10 * MINUTE,
  60 * MINUTE,
];

const READERS = SIMULATED_SERVICES.filter((name) => topicsConsumedBy(name).length > 0);
const TOPICS: readonly string[] = [
  ...coreWith(SIMULATED_NAMES).flatMap(topicsConsumedBy).sort(),
  ...SIMULATED_NAMES.flatMap((venue) => topicsConsumedBy(connectorOf(venue))),
];

/** The whole schedule of a run, from its seed alone: the same seed, duration and groups draw the same. */
export function drawSchedule(
  random: Random,
  { durationMs, groups }: Drawing,
): readonly ScheduledFault[] {
  const until = durationMs - LAST_BEFORE_END_MS;
  const faults: { atMs: number; fault: Fault }[] = [];
  const small = random.of('small');
  const smallOnes = onlyAsked(SMALL, groups);
  if (smallOnes !== undefined) {
    for (let at = FIRST_MS; at < until; at += small.whole(...BETWEEN_SMALL_MS))
      faults.push({ atMs: at, fault: drawSmall(small.weighted(smallOnes), small) });
  }
  const systemWide = random.of('great');
  const systemWideFaults = onlyAsked(SYSTEM_WIDE, groups);
  if (systemWideFaults !== undefined) {
    for (
      let at = systemWide.whole(15_000, 25_000);
      at < until;
      at += systemWide.whole(...BETWEEN_SYSTEM_WIDE_MS)
    )
      faults.push({
        atMs: at,
        fault: drawSystemWide(systemWide.weighted(systemWideFaults), systemWide, at),
      });
  }
  return faults
    .sort((a, b) => a.atMs - b.atMs)
    .map((one, index) => ({ number: index + 1, ...one }));
}

function onlyAsked(
  weights: Readonly<Partial<Record<FaultGroup, number>>>,
  groups: ReadonlySet<FaultGroup>,
): Partial<Record<FaultGroup, number>> | undefined {
  const asked = Object.entries(weights).filter(([group]) => groups.has(group as FaultGroup));
  return asked.length > 0 ? Object.fromEntries(asked) : undefined;
}

function drawSmall(group: FaultGroup, random: Random): Fault {
  const process = random.pick(INSTANCES);
  const service = random.pick(SIMULATED_SERVICES);
  switch (group) {
    case 'kill':
      return { group, process };
    case 'freeze':
      return { group, process, forMs: random.pick([4_000, 12_000, 25_000, 40_000]) };
    case 'clock':
      return {
        group,
        process,
        offsetMs: random.pick(OFFSETS),
        forMs: random.whole(10, 30) * 1_000,
        restart: random.chance(0.3),
      };
    case 'venue':
      return drawVenue(random);
    case 'network':
      return random.chance(0.7)
        ? {
            group,
            to: process,
            condition: drawNetworkCondition(random),
            forMs: random.whole(3, 15) * 1_000,
          }
        : {
            group,
            to: 'kafka',
            condition: drawNetworkCondition(random),
            forMs: random.whole(3, 12) * 1_000,
          };
    default:
      return drawDatabase(service, random);
  }
}

function drawDatabase(of: ServiceName, random: Random): Fault {
  if (random.chance(0.5))
    return { group: 'database', action: 'end-sessions', of, times: random.whole(1, 5) };
  return {
    group: 'database',
    action: 'lock',
    of,
    table: random.pick(specOf(of).busyTables),
    forMs: random.whole(2, 24) * 1_000,
  };
}

function drawNetworkCondition(random: Random): NetworkCondition {
  const direction = random.pick(['there', 'back', 'both'] as const);
  const kind = random.weighted({ slow: 4, swallow: 2, refuse: 2 });
  return { kind, direction, ms: kind === 'slow' ? random.pick([200, 1_000, 4_000]) : 0 };
}

function drawVenue(random: Random): Fault {
  const venue = random.pick(SIMULATED_NAMES);
  const forMs = random.whole(4, 15) * 1_000;
  if (random.chance(0.15))
    return {
      group: 'venue',
      venue,
      simulator: 'listing-lags',
      ms: random.pick([5_000, 15_000, 30_000]),
      forMs: 20_000,
    };
  if (random.chance(0.06))
    return { group: 'venue', venue, simulator: 'status-goes-back', ms: 0, forMs };
  const requestFault = drawRequestFault(random);
  const share = requestFault.kind === 'unreachable' ? 1 : random.pick([0.15, 0.4, 1]);
  return { group: 'venue', venue, requestFault, share, forMs };
}

function drawRequestFault(random: Random): RequestFault {
  const kind = random.weighted<RequestFault['kind']>({
    ...{
      cut: 4,
      hang: 2,
      'server-error': 2,
      html: 2,
      'says-no-and-pays': 3,
      late: 4,
      refuses: 3,
      'too-many-requests': 1,
    },
    ...{ 'swaps-answers': 1, omits: 2, 'other-amount': 1, 'slow-listing': 1, unreachable: 1 },
  });
  if (kind === 'late') return { kind, ms: random.pick([5_000, 12_000, 30_000]) };
  if (kind === 'slow-listing') return { kind, ms: random.pick([2_000, 8_000]) };
  return { kind };
}

function drawSystemWide(group: FaultGroup, random: Random, atMs: number): Fault {
  const service = random.pick(READERS);
  const topic = random.pick(TOPICS);
  switch (group) {
    case 'broker':
      return random.chance(0.6)
        ? { group, action: 'kill' }
        : { group, action: 'freeze', forMs: random.pick([8_000, 20_000, 40_000]) };
    case 'log-loss':
      return {
        group,
        action: random.pick(['delete-records', 'recreate-topic', 'cut-tails'] as const),
        topics: random.chance(0.3) ? TOPICS : [topic],
      };
    case 'corruption':
      return { group, topic: random.pick(topicsConsumedBy(service)), reader: service };
    case 'group-reset':
      return { group, service };
    case 'restore':
      return {
        group,
        what: random.chance(0.4) ? 'all' : random.pick(SIMULATED_NAMES),
        backMs: Math.min(atMs, random.whole(1, 2) * KEEP_EVERY_MS),
      };
    case 'disk':
      return {
        group,
        of: random.pick(['postgres', 'kafka'] as const),
        forMs: random.whole(6, 20) * 1_000,
      };
    default:
      return { group: 'database', action: 'kill-postmaster' };
  }
}
