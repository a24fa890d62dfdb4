import type { Random } from '@sluice/stack';
import { OTHER_TOPICS, auditorCards, type Card } from './server-cards.js';
import { smallCards, systemWideCards } from './cards.js';
import type { Fault, FaultGroup, ScheduledFault } from './fault.js';

interface Drawing {
  readonly durationMs: number;
  readonly groups: ReadonlySet<FaultGroup>;
}

const FIRST_MS = 5_000;
const LAST_BEFORE_END_MS = 15_000;
const BETWEEN_SMALL_MS = [2_500, 7_000] as const;
/**
 * System-wide faults affect all services: the next fault waits until the services had time to
 * recover.
 */
const FIRST_SYSTEM_WIDE_MS = [12_000, 18_000] as const;
/** Longest time in which intake-api puts lost withdrawals on record after a restore. */
const RECOVERY_MS = 180_000;
const BETWEEN_SYSTEM_WIDE_MS = [20_000, 26_000] as const;
/** Faults of the auditor come beside the others: no service waits for the auditor. */
const BETWEEN_AUDITOR_MS = [15_000, 30_000] as const;

/**
 * Draws the schedule of a run: equal seeds, durations and groups give equal schedules. A long
 * enough schedule has every kind of fault, and every request fault at every venue. A shorter
 * schedule has as many kinds as fit.
 */
export function drawSchedule(
  random: Random,
  { durationMs, groups }: Drawing,
): readonly ScheduledFault[] {
  const until = durationMs - LAST_BEFORE_END_MS;
  const small = random.of('small');
  const systemWide = random.of('great');
  const auditor = random.of('auditor');
  const lanes = [
    ...drawLane(
      small,
      smallCards(groups),
      until,
      timesOf(small, FIRST_MS, BETWEEN_SMALL_MS, until),
    ),
    ...drawLane(
      systemWide,
      systemWideCards(groups),
      until,
      timesOf(systemWide, systemWide.whole(...FIRST_SYSTEM_WIDE_MS), BETWEEN_SYSTEM_WIDE_MS, until),
    ),
    ...drawLane(
      auditor,
      auditorCards(groups),
      until,
      timesOf(auditor, auditor.whole(...BETWEEN_AUDITOR_MS), BETWEEN_AUDITOR_MS, until),
    ),
  ];
  return lanes
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs, fault }, index, all) => ({
      number: index + 1,
      atMs,
      fault: isNearRestoreOfAll(atMs, all) ? sparing(fault) : fault,
    }));
}

function isNearRestoreOfAll(atMs: number, faults: readonly Omit<ScheduledFault, 'number'>[]) {
  return faults.some(
    ({ fault, atMs: at }) =>
      fault.group === 'restore' && fault.what === 'all' && Math.abs(at - atMs) < RECOVERY_MS,
  );
}

/**
 * Leaves the topics of the recovery whole. The loss of these topics beside a restore of all
 * databases is a limit of the README: no witness of a lost withdrawal remains.
 */
function sparing(fault: Fault): Fault {
  if (fault.group !== 'log-loss') return fault;
  const topics = fault.topics.filter((topic) => OTHER_TOPICS.includes(topic));
  return { ...fault, topics: topics.length > 0 ? topics : OTHER_TOPICS.slice(0, 1) };
}

function timesOf(
  random: Random,
  first: number,
  between: readonly [number, number],
  until: number,
): readonly number[] {
  const times: number[] = [];
  for (let at = first; at < until; at += random.whole(...between)) times.push(at);
  return times;
}

function drawLane(
  random: Random,
  cards: readonly Card[],
  until: number,
  times: readonly number[],
): readonly Omit<ScheduledFault, 'number'>[] {
  if (cards.length === 0) return [];
  const dealt = inTime(deal(random, cards, times.length), times, until);
  return times.flatMap((atMs, index) => {
    const card = dealt[index];
    return card ? [{ atMs, fault: card.draw(random, { atMs, leftMs: until - atMs }) }] : [];
  });
}

/**
 * Deals the number of cards in random order: each kind first, each card second, and further cards
 * by weight.
 */
function deal(random: Random, cards: readonly Card[], slots: number): readonly Card[] {
  const all = shuffled(random, cards);
  const firsts = all.filter(
    ({ kind }, index) => all.findIndex((other) => other.kind === kind) === index,
  );
  const others = all.filter((card) => !firsts.includes(card));
  const dealt = [...firsts, ...others].slice(0, slots);
  while (dealt.length < slots) dealt.push(byWeight(random, cards));
  return shuffled(random, dealt);
}

/** Swaps long faults with short faults: a long fault must begin early enough to end. */
function inTime(dealt: readonly Card[], times: readonly number[], until: number): readonly Card[] {
  const order = [...dealt];
  const fits = (index: number, card: Card): boolean =>
    until - (times[index] ?? until) >= (card.needsMs ?? 0);
  for (const [index, card] of order.entries()) {
    if (fits(index, card)) continue;
    const place = order.findIndex(
      (other, early) => fits(early, card) && other.needsMs === undefined,
    );
    const other = order[place];
    if (other !== undefined) [order[place], order[index]] = [card, other];
  }
  return order;
}

function byWeight(random: Random, cards: readonly Card[]): Card {
  let left = random.next() * cards.reduce((sum, { weight }) => sum + weight, 0);
  return cards.find(({ weight }) => (left -= weight) < 0) ?? random.pick(cards);
}

function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(random.whole(0, left.length - 1), 1));
}
