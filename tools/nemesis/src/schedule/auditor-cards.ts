import { specOf } from '@sluice/stack';
import { AUDITOR, instancesOf } from '../system/names.js';
import type { Random } from '../system/random.js';
import type { Card } from './card.js';
import { SHORT_FREEZES } from './cards.js';
import type { Fault, FaultGroup } from './fault.js';
import { conditionOf } from './server-cards.js';

const SECOND = 1_000;
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
