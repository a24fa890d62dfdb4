import { type Asked, pause } from '@sluice/stack';
import { injectFault, backupNameOf } from '../faults/inject-fault.js';
import { takeBackup } from '../faults/system-wide-faults.js';
import { lookUpsOf, recordsOf } from '../judge/gather.js';
import { falseFindings } from '../judge/expected-findings.js';
import { judgeAll, type Judgement } from '../judge/judge-all.js';
import type { InjectedFault } from '../judge/withdrawal-trace.js';
import { describe, type FaultGroup, type ScheduledFault } from '../schedule/fault.js';
import { LONGEST_QUIET_MS } from '../system/settings.js';
import type { RunContext } from './with-system.js';

const PROGRESS_MS = 10_000;
const LOOK_UPS_ARE_ASKED_FOR_MS = 15_000;
/** Time limit for the last webhooks. */
const NOTIFIED_WITHIN_MS = 30_000;

export interface Run {
  readonly judgement: Judgement;
  readonly injected: readonly InjectedFault[];
  readonly quietMs: number;
}

interface RunPlan {
  readonly schedule: readonly ScheduledFault[];
  readonly durationMs: number;
  readonly perSecond: number;
  readonly quietMs?: number;
}

/** Time for a withdrawal of a replayed request to end: no client follows it. */
const REPLAYED_SETTLES_MS = 12_000;

/** Runs load and faults, waits until all withdrawals have ended, and judges. */
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
    note('every fault has ended; waiting until every withdrawal has ended');
    const quietMs = await untilQuiet(context, plan.quietMs);
    ended.throwIfAborted();
    note(progressLine(context, began));
    await load.endRequests();
    await pause(REPLAYED_SETTLES_MS, ended);
    const judgement = await judgeAll(system, context.admin, load);
    const comparable = withComparableTimes(judgement, plan.schedule);
    const found = await falseFindings(system, context.admin, plan.schedule, ended);
    const { faults, ...rest } = withUntold(comparable, plan.schedule);
    return { judgement: { ...rest, faults: [...faults, ...found] }, injected, quietMs };
  } finally {
    clearInterval(progress);
  }
}

/**
 * Compares times of halts with times of requests. The result is meaningless after PostgreSQL's
 * clock was set back in between.
 */
const BY_TIME_OF_DAY = 'nothing-taken-while-halted';

function withComparableTimes(judgement: Judgement, schedule: readonly ScheduledFault[]): Judgement {
  const isSteppedBack = schedule.some(
    ({ fault }) => fault.group === 'clock' && fault.process === 'all',
  );
  const faults = judgement.faults.filter(
    (fault) => !(isSteppedBack && fault.includes(BY_TIME_OF_DAY)),
  );
  return { ...judgement, faults };
}

const LOSES_MESSAGES: ReadonlySet<FaultGroup> = new Set(['log-loss', 'corruption', 'restore']);

/** If no message was lost, every end must be reported by webhook. */
function withUntold(judgement: Judgement, schedule: readonly ScheduledFault[]): Judgement {
  const { untold, faults } = judgement;
  if (untold === 0 || schedule.some(({ fault }) => LOSES_MESSAGES.has(fault.group)))
    return judgement;
  return { ...judgement, faults: [...faults, `${untold} ends were not reported by webhook`] };
}

/**
 * Ends all faults and waits until no withdrawal is open; returns the duration in ms. Withdrawals
 * with look-ups beyond the time limit are not waited for: the end of the look-ups names them.
 */
export async function untilQuiet(
  context: RunContext,
  longestMs = LONGEST_QUIET_MS,
  but: ReadonlySet<string> = new Set(),
): Promise<number> {
  const { system, load, ended, note } = context;
  const since = Date.now();
  const stillOpen = (): readonly Asked[] =>
    load.open().filter(({ order }) => !but.has(order.reference));
  await system.calm();
  let askedAt = since;
  while (!ended.aborted && Date.now() - since < longestMs && stillOpen().length > 0) {
    await pause(500, ended);
    if (Date.now() - askedAt < LOOK_UPS_ARE_ASKED_FOR_MS) continue;
    askedAt = Date.now();
    if (await isAllLookedUp(context, stillOpen(), since + longestMs)) break;
  }
  if (stillOpen().length > 0)
    note(
      `  ${stillOpen().length} have not ended within ${Math.round((Date.now() - since) / 1_000)} s`,
    );
  const notifiedBy = Date.now() + NOTIFIED_WITHIN_MS;
  while (!ended.aborted && Date.now() < notifiedBy && load.isUntold()) await pause(500, ended);
  return Date.now() - since;
}

/** Returns true if the connectors look up every open withdrawal beyond the given time. */
async function isAllLookedUp(
  { admin, load }: RunContext,
  open: readonly Asked[],
  untilMs: number,
): Promise<boolean> {
  try {
    const lookUps = await lookUpsOf(admin);
    if (lookUps.size === 0) return false;
    const records = await recordsOf(admin, load.clients);
    return open.every(({ order: { unnamed, recipient, reference } }) => {
      const booked = records.get(unnamed ? `to ${recipient}` : reference);
      return booked !== undefined && (lookUps.get(booked.id) ?? 0) > untilMs;
    });
  } catch {
    return false; // some services are not back yet
  }
}

async function injectAll(
  context: RunContext,
  schedule: readonly ScheduledFault[],
  injected: InjectedFault[],
): Promise<void> {
  const began = performance.now();
  const at = async (ms: number): Promise<void> => {
    const wait = began + ms - performance.now();
    if (wait > 0) await pause(wait, context.ended);
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
    entry.struck = await injectFault(context, one);
  } catch (error) {
    entry.struck = 0;
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
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}  ${all.length} requested, ${final} ended, ${load.open().length} open`;
}
