import { setTimeout as sleep } from 'node:timers/promises';
import { injectFault, backupNameOf } from './faults/inject-fault.js';
import { takeBackup } from './faults/system-wide-faults.js';
import { judgeAll, type Judgement } from './judge/judge-all.js';
import type { InjectedFault } from './judge/withdrawal-trace.js';
import { describe, type ScheduledFault } from './schedule/fault.js';
import type { RunContext } from './with-system.js';

/** How long all may take to end once it is calm: longer than any venue honours what was sent, and than look-ups take after that. */
const LONGEST_QUIET_MS = 240_000;
const PROGRESS_MS = 10_000;

export interface Run {
  readonly judgement: Judgement;
  readonly injected: readonly InjectedFault[];
  readonly quietMs: number;
}

export interface RunPlan {
  readonly schedule: readonly ScheduledFault[];
  readonly durationMs: number;
  readonly perSecond: number;
}

/** Loads and disturbs, then waits in quiet until everything has ended, then judges. */
export async function run(context: RunContext, plan: RunPlan): Promise<Run> {
  const { load, system, ended, note } = context;
  const began = Date.now();
  const progress = setInterval(() => note(progressLine(context, began)), PROGRESS_MS);
  const injected: InjectedFault[] = [];
  try {
    await Promise.all([
      load.run(plan.perSecond, plan.durationMs, ended),
      injectAll(context, plan.schedule, injected),
    ]);
    ended.throwIfAborted();
    note('calm: every fault is over; waiting until everything has ended');
    const quietMs = await untilQuiet(context);
    ended.throwIfAborted();
    note(progressLine(context, began));
    return { judgement: await judgeAll(system, context.admin, load), injected, quietMs };
  } finally {
    clearInterval(progress);
  }
}

/** All is calm now, and nothing is asked any more; answers how long it took. */
export async function untilQuiet(
  { system, load, ended, note }: RunContext,
  longestMs = LONGEST_QUIET_MS,
  but: ReadonlySet<string> = new Set(),
): Promise<number> {
  const since = Date.now();
  const stillOpen = (): number =>
    load.open().filter(({ order }) => !but.has(order.reference)).length;
  await system.calm();
  for (let waited = 0; !ended.aborted && waited < longestMs; waited = Date.now() - since) {
    if (stillOpen() === 0) return waited;
    await sleep(500, undefined, { signal: ended }).catch(() => undefined);
  }
  if (stillOpen() > 0) note(`  ${stillOpen()} have not ended within ${longestMs / 1_000} s`);
  return Date.now() - since;
}

async function injectAll(
  context: RunContext,
  schedule: readonly ScheduledFault[],
  injected: InjectedFault[],
): Promise<void> {
  const began = performance.now();
  const at = async (ms: number): Promise<void> => {
    const wait = began + ms - performance.now();
    if (wait > 0) await sleep(wait, undefined, { signal: context.ended }).catch(() => undefined);
  };
  const backups = schedule.flatMap(({ number, atMs, fault }) =>
    fault.group === 'restore' ? [{ number, what: fault.what, atMs: atMs - fault.backMs }] : [],
  );
  await Promise.all([
    ...backups.map(async ({ number, what, atMs }) => {
      await at(atMs);
      if (!context.ended.aborted)
        await takeBackup(context, backupNameOf(number), what).catch((error: unknown) =>
          context.note(`    could not back up ${backupNameOf(number)}: ${String(error)}`),
        );
    }),
    ...schedule.map(async (one) => {
      await at(one.atMs);
      if (!context.ended.aborted) await injectOne(context, one, injected);
    }),
  ]);
}

async function injectOne(
  context: RunContext,
  one: ScheduledFault,
  injected: InjectedFault[],
): Promise<void> {
  const entry: { -readonly [Key in keyof InjectedFault]: InjectedFault[Key] } = {
    ...one,
    beganAt: Date.now(),
  };
  injected.push(entry);
  context.note(`  #${one.number} ${describe(one.fault)}`);
  try {
    await injectFault(context, one);
  } catch (error) {
    context.note(
      `    #${one.number} could not be injected: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  entry.endedAt = Date.now();
}

function progressLine({ load }: RunContext, began: number): string {
  const seconds = Math.round((Date.now() - began) / 1_000);
  const all = load.all();
  const final = all.filter(
    ({ status, refused }) =>
      refused !== undefined || ['confirmed', 'failed', 'cancelled'].includes(status ?? ''),
  ).length;
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}  ${all.length} asked, ${final} ended, ${load.open().length} open`;
}
