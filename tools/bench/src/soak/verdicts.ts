import { thirds } from '../ledger/memory-over-time.js';
import type { Sample } from '../load/load.js';
import { percentiles } from '@sluice/stack';

/** Verdict of a soak about a single subject, in a line. */
export interface Verdict {
  readonly what: string;
  readonly ok: boolean;
  readonly says: string;
}

/** Milliseconds. */
interface FifthOfLatency {
  readonly p50_ms: number;
  readonly p99_ms: number;
}

/** The first and the last fifth of a run of this length, by when each withdrawal was due. */
export interface Drift {
  readonly first: FifthOfLatency;
  readonly last: FifthOfLatency;
}

/** A heap breathes: the mean of the last third of the time may be a tenth above that of the first. */
const FLAT = 1.1;
/** Percentiles vary as well: within a factor, plus some milliseconds for small values. */
const [P50_DRIFT, P99_DRIFT, SLACK_MS] = [1.25, 1.5, 10];
/**
 * Tables filled and emptied continuously are swept from time to time. A continuously growing table
 * is twice as large at the end as halfway.
 */
const [BOUNDED, SLACK_BYTES] = [1.5, 1_000_000];

export function driftOf(samples: readonly Sample[], runMs: number): Drift {
  const fifth = runMs / 5;
  return {
    first: percentilesOf(samples.filter(({ dueMs }) => dueMs < fifth)),
    last: percentilesOf(samples.filter(({ dueMs }) => dueMs >= runMs - fifth)),
  };
}

export function driftVerdict(what: string, { first, last }: Drift): Verdict {
  const ok =
    last.p50_ms <= first.p50_ms * P50_DRIFT + SLACK_MS &&
    last.p99_ms <= first.p99_ms * P99_DRIFT + SLACK_MS;
  const [from, to] = [first, last].map(({ p50_ms, p99_ms }) => `p50 ${p50_ms} p99 ${p99_ms} ms`);
  return { what, ok, says: `first fifth ${from}, last fifth ${to}: ${ok ? 'no drift' : 'DRIFTS'}` };
}

/** Verdict on a process's memory: samples in megabytes at equal intervals. */
export function memoryVerdict(process: string, samples: readonly number[]): Verdict {
  const { first, last } = thirds(samples);
  const ok = last <= first * FLAT;
  return {
    what: `memory of ${process}`,
    ok,
    says: `first third ${first.toFixed(0)} MB, last third ${last.toFixed(0)} MB: ${ok ? 'flat' : 'NOT flat'}`,
  };
}

/**
 * Verdict on a table required to stay small at any throughput: samples in bytes at equal intervals.
 */
export function tableVerdict(table: string, bytes: readonly number[]): Verdict {
  const half = Math.ceil(bytes.length / 2);
  const [early, late] = [Math.max(0, ...bytes.slice(0, half)), Math.max(0, ...bytes.slice(half))];
  const ok = late <= early * BOUNDED + SLACK_BYTES;
  return {
    what: `table ${table}`,
    ok,
    says: `at most ${megabytes(early)} MB in the first half, ${megabytes(late)} MB in the second: ${ok ? 'bounded' : 'GROWS'}`,
  };
}

/** Verdict on completeness: every offered withdrawal must be captured. */
export function completenessVerdict(offered: number, captured: number): Verdict {
  const ok = captured === offered;
  return { what: 'withdrawals', ok, says: `${captured} of ${offered} captured` };
}

export function megabytes(bytes: number): number {
  return Number((bytes / 1_000_000).toFixed(1));
}

function percentilesOf(samples: readonly Sample[]): FifthOfLatency {
  const { p50, p99 } = percentiles(samples.map(({ tookMs }) => tookMs));
  return { p50_ms: Number(p50.toFixed(1)), p99_ms: Number(p99.toFixed(1)) };
}
