import { setTimeout as sleep } from 'node:timers/promises';
import { booksOf } from '../judge/gather.js';
import { type PaidAt, paymentsOf, verdictLine } from '@sluice/stack';
import type { RunContext, RunOptions } from '../run/with-system.js';
import { brokenOnes, isBroken, judgeAll } from '../judge/judge-all.js';
import { traceOf } from '../judge/withdrawal-trace.js';
import { untilQuiet } from '../run/run.js';

const MORE = 8;

export interface DrillOptions {
  readonly kafkaIsLost: boolean;
}

/** An incident of a real system, carried out on a system under load. */
export interface Drill {
  readonly about: string;
  readonly disks?: boolean;
  readonly system?: NonNullable<RunOptions['system']>;
  /** Reason why the drill cannot run on this machine; undefined if possible. */
  readonly refusal?: () => string | undefined;
  /** Throws if an expectation fails. The final state is judged afterwards. */
  run(context: RunContext, options: DrillOptions): Promise<void>;
}

export async function pause({ ended }: RunContext, ms: number): Promise<void> {
  await sleep(ms, undefined, { signal: ended });
}

/** Waits for the condition (default: at most 300 s). Throws a readable error on timeout. */
export async function comesTrue(
  context: RunContext,
  what: string,
  look: () => Promise<boolean>,
  withinMs = 300_000,
): Promise<void> {
  for (const until = Date.now() + withinMs; !(await look().catch(() => false));) {
    if (Date.now() > until)
      throw new Error(`the condition did not become true within ${withinMs / 1_000} s: ${what}`);
    await pause(context, 500);
  }
}

export async function allPayments({ system }: RunContext): Promise<readonly PaidAt[]> {
  return [...(await paymentsOf(booksOf(system))).values()].flat();
}

/** Runs the work under load. Clients cope with failed requests. */
export async function underLoad(
  context: RunContext,
  perSecond: number,
  work: () => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const running = context.load.run(
    perSecond,
    Infinity,
    AbortSignal.any([over.signal, context.ended]),
  );
  try {
    await work();
  } finally {
    over.abort();
    await running;
  }
}

/** Number of withdrawals known to clients as paid. */
export function confirmed({ load }: RunContext): number {
  return load.all().filter(({ status }) => status === 'confirmed').length;
}

export async function paidSoFar(context: RunContext): Promise<number> {
  return (await allPayments(context)).length;
}

/** Waits until more withdrawals are paid; returns their number. */
export async function goesOn(context: RunContext): Promise<number> {
  const before = await paidSoFar(context);
  let now = before;
  const more = async () => (now = await paidSoFar(context)) >= before + MORE;
  await comesTrue(context, `${MORE} more withdrawals are paid`, more);
  return now - before;
}

const MOST_TRACES = 5;

/**
 * Waits until all withdrawals have ended, judges the system from outside and prints the verdict.
 * Returns the exit code.
 */
export async function verdictOf(context: RunContext): Promise<number> {
  const { admin, load, note, system, operator } = context;
  note('waiting until every withdrawal has ended …');
  await untilQuiet(context);
  const judgement = await judgeAll(system, admin, load);
  for (const one of brokenOnes(judgement).slice(0, MOST_TRACES))
    for (const line of await traceOf(one, admin, [], 'npm run drill')) note(line);
  for (const fault of judgement.faults) note(`✗ ${fault}`);
  for (const { asked, paid, kind, why } of judgement.cases)
    if (kind === 'waiting reported')
      note(
        `${asked.order.reference}, ${asked.order.amount} ${asked.order.currency}${asked.order.unnamed ? ', requested without a reference' : ''}: ${paid.length > 0 ? 'paid, and ' : ''}${why}`,
      );
  const decided = [...operator.interventions].filter(([, times]) => times > 0);
  if (decided.length > 0)
    note(
      `other actions of operators: ${decided.map(([what, times]) => `${times} ${what}`).join(', ')}`,
    );
  const holds = !isBroken(judgement);
  note(`${holds ? '✓' : '✗'} ${verdictLine(judgement.counts)}`);
  return holds ? 0 : 1;
}
