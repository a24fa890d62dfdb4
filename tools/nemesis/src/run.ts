import { setTimeout as sleep } from 'node:timers/promises';
import { act, momentOf } from './act/act.js';
import { keepMoment } from './act/great.js';
import { judgeAll, type Judgement } from './judge/judge-all.js';
import type { Played } from './judge/story.js';
import { describe, type ScheduledFault } from './schedule/fault.js';
import type { Cast } from './stage-up.js';

/** How long all may take to end once it is calm: longer than any venue honours what was sent, and than look-ups take after that. */
const LONGEST_QUIET_MS = 240_000;
const PROGRESS_MS = 10_000;

export interface Run {
  readonly judgement: Judgement;
  readonly played: readonly Played[];
  readonly quietMs: number;
}

export interface RunPlan {
  readonly schedule: readonly ScheduledFault[];
  readonly durationMs: number;
  readonly perSecond: number;
}

/** Loads and disturbs, then waits in quiet until everything has ended, then judges. */
export async function run(cast: Cast, plan: RunPlan): Promise<Run> {
  const { load, world, ended, note } = cast;
  const began = Date.now();
  const progress = setInterval(() => note(progressLine(cast, began)), PROGRESS_MS);
  const played: Played[] = [];
  try {
    await Promise.all([
      load.run(plan.perSecond, plan.durationMs, ended),
      playAll(cast, plan.schedule, played),
    ]);
    ended.throwIfAborted();
    note('calm: every fault is over; waiting until everything has ended');
    const quietMs = await untilQuiet(cast);
    ended.throwIfAborted();
    note(progressLine(cast, began));
    return { judgement: await judgeAll(world, cast.doors, load), played, quietMs };
  } finally {
    clearInterval(progress);
  }
}

/** All is calm now, and nothing is asked any more; answers how long it took. */
export async function untilQuiet(
  { world, load, ended, note }: Cast,
  longestMs = LONGEST_QUIET_MS,
  but: ReadonlySet<string> = new Set(),
): Promise<number> {
  const since = Date.now();
  const stillOpen = (): number =>
    load.open().filter(({ order }) => !but.has(order.reference)).length;
  await world.calm();
  for (let waited = 0; !ended.aborted && waited < longestMs; waited = Date.now() - since) {
    if (stillOpen() === 0) return waited;
    await sleep(500, undefined, { signal: ended }).catch(() => undefined);
  }
  if (stillOpen() > 0) note(`  ${stillOpen()} have not ended within ${longestMs / 1_000} s`);
  return Date.now() - since;
}

async function playAll(
  cast: Cast,
  schedule: readonly ScheduledFault[],
  played: Played[],
): Promise<void> {
  const began = performance.now();
  const at = async (ms: number): Promise<void> => {
    const wait = began + ms - performance.now();
    if (wait > 0) await sleep(wait, undefined, { signal: cast.ended }).catch(() => undefined);
  };
  const keeps = schedule.flatMap(({ number, atMs, fault }) =>
    fault.group === 'restore' ? [{ number, what: fault.what, atMs: atMs - fault.backMs }] : [],
  );
  await Promise.all([
    ...keeps.map(async ({ number, what, atMs }) => {
      await at(atMs);
      if (!cast.ended.aborted)
        await keepMoment(cast, momentOf(number), what).catch((error: unknown) =>
          cast.note(`    could not keep ${momentOf(number)}: ${String(error)}`),
        );
    }),
    ...schedule.map(async (one) => {
      await at(one.atMs);
      if (!cast.ended.aborted) await playOne(cast, one, played);
    }),
  ]);
}

async function playOne(cast: Cast, one: ScheduledFault, played: Played[]): Promise<void> {
  const entry: { -readonly [Key in keyof Played]: Played[Key] } = { ...one, beganAt: Date.now() };
  played.push(entry);
  cast.note(`  #${one.number} ${describe(one.fault)}`);
  try {
    await act(cast, one);
  } catch (error) {
    cast.note(
      `    #${one.number} could not be played: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  entry.endedAt = Date.now();
}

function progressLine({ load }: Cast, began: number): string {
  const seconds = Math.round((Date.now() - began) / 1_000);
  const all = load.all();
  const final = all.filter(
    ({ status, refused }) =>
      refused !== undefined || ['confirmed', 'failed', 'cancelled'].includes(status ?? ''),
  ).length;
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}  ${all.length} asked, ${final} ended, ${load.open().length} open`;
}
