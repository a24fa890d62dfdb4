import { pause, percentiles, type System } from '@sluice/stack';
import { rowOf, type LatencyRow } from '../e2e/latency.js';
import type { Load } from '../load/load.js';
import { startMeter, warn } from '../machine/machine.js';
import type { Verdict } from '../soak/verdicts.js';
import type { LoggedIn } from './logged-in.js';

const [PAIRS, RATE, SECONDS, SETTLING_MS] = [6, 50, 20, 5_000];
const MOST_PERCENT = 2;
const PAGE = '/';

/** Figures compared between runs with and without an open page. */
const FIGURES = ['cpu_ms_per_withdrawal', 'post_p50_ms', 'post_p99_ms'] as const;
type Figure = (typeof FIGURES)[number];

interface CostReport {
  readonly rate: number;
  readonly seconds: number;
  /** Each pair: without and with an open page, in changing order. */
  readonly pairs: readonly OpenedPair[];
  readonly median_without: Readonly<Record<Figure, number>>;
  readonly median_with: Readonly<Record<Figure, number>>;
  /** Median over the pairs of the change by the open page, in percent. */
  readonly change_percent: Readonly<Record<Figure, number>>;
  readonly verdicts: readonly Verdict[];
}

interface OpenedPair {
  readonly without: LatencyRow;
  readonly with: LatencyRow;
}

interface CostPlan {
  readonly system: System;
  readonly load: Load;
  readonly browser: LoggedIn;
  readonly rate?: number | undefined;
  readonly seconds?: number | undefined;
  readonly say: (line: string) => void;
}

/**
 * Compares the load of `bench -- e2e` with and without an open page. CPU is that of all processes of the
 * system, without client and browser.
 */
export async function measureCost(plan: CostPlan): Promise<CostReport> {
  const { rate = RATE, seconds = SECONDS, say } = plan;
  const pairs: OpenedPair[] = [];
  const run = (isOpen: boolean) => measured({ ...plan, rate, seconds }, isOpen);
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const isOpenFirst = pair % 2 === 1;
    const [first, second] = [await run(isOpenFirst), await run(!isOpenFirst)];
    pairs.push(isOpenFirst ? { with: first, without: second } : { without: first, with: second });
    say(
      `cost: pair ${pair + 1} · ${FIGURES.map((figure) => describedPair(pairs[pair], figure)).join(' · ')}`,
    );
  }
  const change = byFigure((figure) => rounded(median(changesOf(pairs, figure))));
  return {
    rate,
    seconds,
    pairs,
    median_without: byFigure((figure) => median(pairs.map((pair) => pair.without[figure] ?? 0))),
    median_with: byFigure((figure) => median(pairs.map((pair) => pair.with[figure] ?? 0))),
    change_percent: change,
    verdicts: FIGURES.map((figure) => verdictOn(figure, changesOf(pairs, figure))),
  };
}

function verdictOn(figure: Figure, changes: readonly number[]): Verdict {
  const middle = rounded(median(changes));
  const [least, most] = [Math.min(...changes), Math.max(...changes)].map(rounded);
  return {
    what: `${figure} with an open page`,
    ok: middle <= MOST_PERCENT,
    says: `${middle} % more (median of ${changes.length} pairs from ${least} to ${most} %), at most ${MOST_PERCENT}`,
  };
}

async function measured(
  { system, load, browser, rate, seconds, say }: CostPlan & { rate: number; seconds: number },
  isOpen: boolean,
): Promise<LatencyRow> {
  const context = await browser.freshContext();
  if (isOpen) await (await context.newPage()).goto(browser.url + PAGE);
  await pause(SETTLING_MS);
  const meter = startMeter(() => system.run.processes);
  const result = await load.run(rate, seconds);
  const spent = meter();
  await context.close();
  warn(`${rate}/s`, spent, say);
  return rowOf(rate, result, spent);
}

function describedPair(pair: OpenedPair | undefined, figure: Figure): string {
  return `${figure} ${pair?.without[figure]} without, ${pair?.with[figure]} with`;
}

/** Returns the change by the open page within each pair, in percent. */
export function changesOf(
  pairs: readonly Record<'without' | 'with', Readonly<Record<Figure, number | null>>>[],
  figure: Figure,
): readonly number[] {
  return pairs.map(
    (pair) => 100 * ((pair.with[figure] ?? Number.NaN) / (pair.without[figure] ?? 0) - 1),
  );
}

/** Returns the median; of an even number of values, the mean of both middle values. */
export function median(values: readonly number[]): number {
  const backwards = values.map((value) => -value);
  return (percentiles(values).p50 - percentiles(backwards).p50) / 2;
}

function rounded(percent: number): number {
  return Number(percent.toFixed(1));
}

function byFigure(valueOf: (figure: Figure) => number): Readonly<Record<Figure, number>> {
  return Object.fromEntries(FIGURES.map((figure) => [figure, valueOf(figure)])) as Readonly<
    Record<Figure, number>
  >;
}
