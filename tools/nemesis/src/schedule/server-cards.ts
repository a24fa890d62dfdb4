import { specOf } from '@sluice/stack';
import { MOVING_INSTANCES, NEMESIS_SERVICES } from '../system/names.js';
import type { Random } from '../system/random.js';
import type { Card } from './card.js';
import type { Fault, NetworkCondition } from './fault.js';

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

export function conditionOf(kind: NetworkCondition['kind'], random: Random): NetworkCondition {
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
