import { topicsConsumedBy } from '@sluice/messages';
import {
  connectorOf,
  type Random,
  type ServiceName,
  SIMULATED_NAMES,
  VENUE_NAMES,
} from '@sluice/stack';
import { CLOCK_OFFSETS_MS } from '@sluice/test-kit';
import { NETWORKS, NODES } from '../system/chains.js';
import { MOVING_INSTANCES, NEMESIS_SERVICES } from '../system/names.js';
import {
  REQUEST_FAULT_KINDS,
  REQUEST_FAULT_WEIGHTS,
  type RequestFault,
  type RequestFaultKind,
} from '../system/request-fault.js';
import {
  READERS,
  TOPICS,
  databaseCards,
  freezeCard,
  groupResetCard,
  killCard,
  networkCards,
  type Card,
  type Moment,
} from './server-cards.js';
import { LIES, NODE_HABITS, type Fault, type FaultGroup } from './fault.js';

const SECOND = 1_000;
const MINUTE = 60_000;
/**
 * Offsets for the whole machine. Work scheduled by a fast clock waits as long after the correction,
 * and a run is limited in time.
 */
const MACHINE_OFFSETS: readonly number[] = CLOCK_OFFSETS_MS.filter(
  (ms) => Math.abs(ms) <= 2 * MINUTE,
);

/** Past every lease. */
export const LONGEST_FREEZE_MS = 5 * MINUTE;

/** Divides the weight of a group among the group's cards. */
function share(weight: number, cards: readonly Omit<Card, 'weight'>[]): readonly Card[] {
  return cards.map((card) => ({ ...card, weight: weight / cards.length }));
}

/** Small faults overlap as they like. */
export function smallCards(groups: ReadonlySet<FaultGroup>): readonly Card[] {
  const processes = [
    ...share(4, [killCard(MOVING_INSTANCES)]),
    ...share(3, [
      freezeCard(MOVING_INSTANCES),
      {
        kind: 'freeze for long',
        group: 'freeze',
        needsMs: LONGEST_FREEZE_MS,
        draw: (random, { leftMs }) => ({
          group: 'freeze',
          process: random.pick(MOVING_INSTANCES),
          forMs: Math.min(LONGEST_FREEZE_MS, leftMs),
        }),
      },
    ]),
    ...share(3, [{ kind: 'clock of a process', group: 'clock', draw: movingClock }]),
  ];
  const around = [
    ...venueCards(),
    ...share(4, chainCards()),
    ...share(3, [...networkCards(MOVING_INSTANCES), ...networkCards('kafka')]),
    ...share(3, databaseCards(NEMESIS_SERVICES)),
  ];
  return [...processes, ...around].filter(({ group }) => groups.has(group));
}

export function systemWideCards(groups: ReadonlySet<FaultGroup>): readonly Card[] {
  const one = (kind: string, group: FaultGroup, draw: Card['draw']): Omit<Card, 'weight'> => ({
    kind,
    group,
    draw,
  });
  const group = 'broker' as const;
  const cards = [
    ...share(3, [
      one('broker kill', group, () => ({ group, action: 'kill' })),
      one('broker freeze', group, (random) => ({
        group,
        action: 'freeze',
        forMs: random.pick([8_000, 20_000]),
      })),
    ]),
    ...share(1, [
      one('database kill-postmaster', 'database', () => ({
        group: 'database',
        action: 'kill-postmaster',
      })),
    ]),
    ...share(1, [one('clock of the machine', 'clock', movingMachineClock)]),
    ...share(
      4,
      (['delete-records', 'recreate-topic', 'cut-tails'] as const).map((action) =>
        one(`log-loss ${action}`, 'log-loss', (random) => ({
          group: 'log-loss',
          action,
          topics: random.chance(0.3) ? TOPICS : [random.pick(TOPICS)],
        })),
      ),
    ),
    ...share(2, [one('corruption', 'corruption', corrupting)]),
    ...share(2, [groupResetCard(READERS)]),
    ...share(3, restoreCards()),
    ...share(
      1,
      (['postgres', 'kafka'] as const).map((of) =>
        one(`disk of ${of}`, 'disk', (random) => ({
          group: 'disk',
          of,
          forMs: random.whole(6, 20) * SECOND,
        })),
      ),
    ),
  ];
  return cards.filter((card) => groups.has(card.group));
}

const movingClock = (random: Random): Fault => ({
  group: 'clock',
  process: random.pick(MOVING_INSTANCES),
  offsetMs: random.pick(CLOCK_OFFSETS_MS),
  forMs: random.whole(10, 30) * SECOND,
  restart: random.chance(0.3),
});

const movingMachineClock = (random: Random): Fault => ({
  group: 'clock',
  process: 'all',
  offsetMs: random.pick(MACHINE_OFFSETS),
  forMs: random.whole(10, 20) * SECOND,
  restart: false,
});

const corrupting = (random: Random): Fault => {
  const reader = random.pick(READERS);
  return { group: 'corruption', topic: random.pick(topicsConsumedBy(reader)), reader };
};

function venueCards(): readonly Card[] {
  const total = Object.values(REQUEST_FAULT_WEIGHTS).reduce((sum, weight) => sum + weight, 0);
  return SIMULATED_NAMES.flatMap((venue) => [
    ...REQUEST_FAULT_KINDS.map((kind): Card => {
      const weight = (7 * REQUEST_FAULT_WEIGHTS[kind]) / total / SIMULATED_NAMES.length;
      return {
        kind,
        group: 'venue',
        weight,
        draw: (random) => ({
          group: 'venue',
          venue,
          requestFault: requestFaultOf(kind, random),
          share: meetsAll(kind) ? 1 : random.pick([0.15, 0.4, 1]),
          forMs: random.whole(meetsAll(kind) ? 8 : 4, 15) * SECOND,
        }),
      };
    }),
    ...(['listing-lags', 'status-goes-back'] as const).map((simulator): Card => ({
      kind: simulator,
      group: 'venue',
      weight: 1 / SIMULATED_NAMES.length,
      draw: (random) => ({
        group: 'venue',
        venue,
        simulator,
        ...(simulator === 'listing-lags'
          ? { ms: random.pick([5_000, 15_000, 30_000]), forMs: 20_000 }
          : { ms: 0, forMs: random.whole(4, 15) * SECOND }),
      }),
    })),
  ]);
}

/** A true refusal moves an order to the next venue of the route, and must affect some orders. */
function meetsAll(kind: RequestFaultKind): boolean {
  return kind === 'unreachable' || kind === 'refuses';
}

function requestFaultOf(kind: RequestFaultKind, random: Random): RequestFault {
  if (kind === 'late') return { kind, ms: random.pick([5_000, 12_000, 30_000]) };
  if (kind === 'slow-listing') return { kind, ms: random.pick([2_000, 8_000]) };
  return { kind };
}

function chainCards(): readonly Omit<Card, 'weight'>[] {
  const group = 'chain' as const;
  const chainOf = (random: Random) => ({ group, chain: random.pick(NETWORKS) });
  const aNode = (random: Random) => ({
    node: random.whole(0, NODES - 1),
    forMs: random.whole(6, 20) * SECOND,
  });
  return [
    {
      kind: 'reorg',
      group,
      draw: (random) => ({ ...chainOf(random), action: 'reorg', depth: random.whole(1, 3) }),
    },
    {
      kind: 'drop-pool',
      group,
      draw: (random) => ({
        ...chainOf(random),
        action: 'drop-pool',
        forMs: random.whole(4, 10) * SECOND,
      }),
    },
    ...LIES.map((about) => ({
      kind: `node lies about ${about}`,
      group,
      draw: (random: Random): Fault => ({
        ...chainOf(random),
        action: 'lie',
        about,
        ...aNode(random),
      }),
    })),
    {
      kind: 'odd-node',
      group,
      draw: (random) => ({
        ...chainOf(random),
        action: 'odd-node',
        habit: random.pick(NODE_HABITS),
        ...aNode(random),
      }),
    },
    {
      kind: 'node-down',
      group,
      draw: (random) => ({ ...chainOf(random), action: 'node-down', ...aNode(random) }),
    },
    {
      kind: 'freeze-node',
      group,
      draw: (random) => ({
        ...chainOf(random),
        action: 'freeze-node',
        forMs: random.whole(5, 20) * SECOND,
      }),
    },
  ];
}

/** Each database alone, and all: with the services stopped, and under living processes. */
function restoreCards(): readonly Omit<Card, 'weight'>[] {
  const connectors = VENUE_NAMES.map(connectorOf);
  const targets: readonly (readonly [string, readonly ('all' | ServiceName)[]])[] = [
    ['all', ['all']],
    ...NEMESIS_SERVICES.filter((name) => !connectors.some((one) => one === name)).map(
      (name) => [name, [name]] as const,
    ),
    ['a connector', connectors],
  ];
  return targets.flatMap(([title, names]) =>
    [false, true].map((live) => ({
      kind: `restore of ${title}, ${live ? 'live' : 'stopped'}`,
      group: 'restore' as const,
      draw: (random: Random, { atMs }: Moment): Fault => ({
        group: 'restore',
        what: random.pick(names),
        live,
        // A standby lags by seconds; a backup is older.
        backMs: Math.min(atMs, (live ? random.whole(4, 20) : random.whole(20, 60)) * SECOND),
      }),
    })),
  );
}
