import {
  ledgerChainHeads,
  ledgerCommands,
  ledgerEvents,
  topicsConsumedBy,
  withdrawalEvents,
} from '@sluice/messages';
import { type Random, type ServiceName, specOf } from '@sluice/stack';
import type { Fault, FaultGroup, NetworkCondition } from './fault.js';
import { AUDITOR, NEMESIS_SERVICES, instancesOf, type InstanceName } from '../system/names.js';

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

/** Services that read topics. */
export const READERS = NEMESIS_SERVICES.filter((name) => topicsConsumedBy(name).length > 0);

export const TOPICS: readonly string[] = [...new Set(READERS.flatMap(topicsConsumedBy))].sort();

/** Topics from which the services learn after a restore what their databases have lost. */
const RECOVERED_FROM: ReadonlySet<string> = new Set(
  [ledgerChainHeads, ledgerCommands, ledgerEvents, withdrawalEvents].map(({ name }) => name),
);

export const OTHER_TOPICS = TOPICS.filter((topic) => !RECOVERED_FROM.has(topic));

const SECOND = 1_000;

type Unweighted = Omit<Card, 'weight'>;

export function killCard(processes: readonly InstanceName[]): Unweighted {
  const group = 'kill';
  return { kind: group, group, draw: (random) => ({ group, process: random.pick(processes) }) };
}

export function freezeCard(processes: readonly InstanceName[]): Unweighted {
  const group = 'freeze';
  return {
    kind: group,
    group,
    draw: (random) => ({
      group,
      process: random.pick(processes),
      forMs: random.pick([4_000, 12_000, 25_000, 40_000]),
    }),
  };
}

export function groupResetCard(readers: readonly ServiceName[]): Unweighted {
  const group = 'group-reset';
  return { kind: group, group, draw: (random) => ({ group, service: random.pick(readers) }) };
}

/** Faults between the processes and PostgreSQL, or between all processes and Kafka. */
export function networkCards(processes: readonly InstanceName[] | 'kafka'): readonly Unweighted[] {
  const group = 'network' as const;
  const isKafka = processes === 'kafka';
  return (['slow', 'swallow', 'refuse'] as const).map((kind) => ({
    kind: `${isKafka ? 'Kafka' : 'PostgreSQL'} ${kind}`,
    group,
    draw: (random) => ({
      group,
      to: isKafka ? processes : random.pick(processes),
      condition: conditionOf(kind, random),
      forMs: random.whole(3, isKafka ? 12 : 15) * SECOND,
    }),
  }));
}

function conditionOf(kind: NetworkCondition['kind'], random: Random): NetworkCondition {
  const direction = random.pick(['there', 'back', 'both'] as const);
  return { kind, direction, ms: kind === 'slow' ? random.pick([200, 1_000, 4_000]) : 0 };
}

export function databaseCards(services: readonly ServiceName[]): readonly Unweighted[] {
  const group = 'database' as const;
  return [
    {
      kind: 'database end-sessions',
      group,
      draw: (random) => ({
        group,
        action: 'end-sessions',
        of: random.pick(services),
        times: random.whole(1, 5),
      }),
    },
    {
      kind: 'database lock',
      group,
      draw: (random) => {
        const of = random.pick(services);
        const forMs = random.whole(2, 24) * SECOND;
        return { group, action: 'lock', of, table: random.pick(specOf(of).busyTables), forMs };
      },
    },
  ];
}

const PROCESSES = instancesOf(AUDITOR);

/** Faults of the auditor: killed, frozen, without its database, and with a consumer group from the beginning. */
export function auditorCards(groups: ReadonlySet<FaultGroup>): readonly Card[] {
  return [
    killCard(PROCESSES),
    freezeCard(PROCESSES),
    ...networkCards(PROCESSES),
    ...databaseCards([AUDITOR]),
    groupResetCard([AUDITOR]),
  ]
    .filter(({ group }) => groups.has(group))
    .map((card) => ({ ...card, weight: 1 }));
}
