import {
  ledgerChainHeads,
  ledgerCommands,
  ledgerEvents,
  topicsConsumedBy,
  withdrawalEvents,
} from '@sluice/messages';
import { specOf } from '@sluice/stack';
import type { Random } from '../system/random.js';
import type { Fault, FaultGroup, NetworkCondition } from './fault.js';
import { AUDITOR, MOVING_INSTANCES, NEMESIS_SERVICES, instancesOf } from '../system/names.js';

/** Start of the fault in the schedule, and remaining time of the schedule. */
export interface Moment {
  readonly atMs: number;
  readonly leftMs: number;
}

/**
 * A kind of fault, for venue faults at a particular venue. Details are drawn when the card is
 * dealt.
 */
export interface Card {
  readonly kind: string;
  readonly group: FaultGroup;
  /** Relative frequency after every card was dealt once. */
  readonly weight: number;
  /** Minimum remaining time of the schedule when the fault begins. */
  readonly needsMs?: number;
  draw(random: Random, moment: Moment): Fault;
}

export const SHORT_FREEZES: readonly number[] = [4_000, 12_000, 25_000, 40_000];

/** Services that read topics. */
export const READERS = NEMESIS_SERVICES.filter((name) => topicsConsumedBy(name).length > 0);

export const TOPICS: readonly string[] = [...new Set(READERS.flatMap(topicsConsumedBy))].sort();

/** Topics from which the services learn after a restore what their databases have lost. */
const RECOVERED_FROM: ReadonlySet<string> = new Set(
  [ledgerChainHeads, ledgerCommands, ledgerEvents, withdrawalEvents].map(({ name }) => name),
);

export const OTHER_TOPICS = TOPICS.filter((topic) => !RECOVERED_FROM.has(topic));

const SECOND = 1_000;

export function networkCards(): readonly Omit<Card, 'weight'>[] {
  const group = 'network' as const;
  return (['slow', 'swallow', 'refuse'] as const).flatMap((kind) => [
    {
      kind: `PostgreSQL ${kind}`,
      group,
      draw: (random: Random): Fault => ({
        group,
        to: random.pick(MOVING_INSTANCES),
        condition: conditionOf(kind, random),
        forMs: random.whole(3, 15) * SECOND,
      }),
    },
    {
      kind: `Kafka ${kind}`,
      group,
      draw: (random: Random): Fault => ({
        group,
        to: 'kafka',
        condition: conditionOf(kind, random),
        forMs: random.whole(3, 12) * SECOND,
      }),
    },
  ]);
}

function conditionOf(kind: NetworkCondition['kind'], random: Random): NetworkCondition {
  const direction = random.pick(['there', 'back', 'both'] as const);
  return { kind, direction, ms: kind === 'slow' ? random.pick([200, 1_000, 4_000]) : 0 };
}

export function databaseCards(): readonly Omit<Card, 'weight'>[] {
  const group = 'database' as const;
  return [
    {
      kind: 'database end-sessions',
      group,
      draw: (random) => ({
        group,
        action: 'end-sessions',
        of: random.pick(NEMESIS_SERVICES),
        times: random.whole(1, 5),
      }),
    },
    {
      kind: 'database lock',
      group,
      draw: (random) => {
        const of = random.pick(NEMESIS_SERVICES);
        const forMs = random.whole(2, 24) * SECOND;
        return { group, action: 'lock', of, table: random.pick(specOf(of).busyTables), forMs };
      },
    },
  ];
}

const PROCESSES = instancesOf(AUDITOR);

/** Faults of the auditor: killed, frozen, without its database, and with a consumer group from the beginning. */
export function auditorCards(groups: ReadonlySet<FaultGroup>): readonly Card[] {
  const cards: readonly Omit<Card, 'weight'>[] = [
    {
      kind: 'kill',
      group: 'kill',
      draw: (random) => ({ group: 'kill', process: random.pick(PROCESSES) }),
    },
    {
      kind: 'freeze',
      group: 'freeze',
      draw: (random) => ({
        group: 'freeze',
        process: random.pick(PROCESSES),
        forMs: random.pick(SHORT_FREEZES),
      }),
    },
    ...(['slow', 'swallow', 'refuse'] as const).map((kind) => ({
      kind: `PostgreSQL ${kind}`,
      group: 'network' as const,
      draw: (random: Random): Fault => ({
        group: 'network',
        to: random.pick(PROCESSES),
        condition: conditionOf(kind, random),
        forMs: random.whole(3, 15) * SECOND,
      }),
    })),
    {
      kind: 'database end-sessions',
      group: 'database',
      draw: (random) => ({
        group: 'database',
        action: 'end-sessions',
        of: AUDITOR,
        times: random.whole(1, 5),
      }),
    },
    {
      kind: 'database lock',
      group: 'database',
      draw: (random) => ({
        group: 'database',
        action: 'lock',
        of: AUDITOR,
        table: random.pick(specOf(AUDITOR).busyTables),
        forMs: random.whole(2, 24) * SECOND,
      }),
    },
    {
      kind: 'group-reset',
      group: 'group-reset',
      draw: () => ({ group: 'group-reset', service: AUDITOR }),
    },
  ];
  return cards.filter(({ group }) => groups.has(group)).map((card) => ({ ...card, weight: 1 }));
}
