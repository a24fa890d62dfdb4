import type { Verdict } from '../soak/verdicts.js';

/** Share of the samples at the begin of a run, in which caches and compiled code still grow. */
const SETTLING = 1 / 3;

/** Growth that still counts as flat, per sample. */
interface FlatLimit {
  readonly most: number;
  readonly unit: string;
}

/** Returns the growth per sample of the line nearest to the samples (least squares); 0 below two samples. */
export function slopeOf(samples: readonly number[]): number {
  const middle = (samples.length - 1) / 2;
  const squares = samples.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  const products = samples.reduce((sum, value, at) => sum + (at - middle) * value, 0);
  return squares === 0 ? 0 : products / squares;
}

/** Verdict on growth over the last two thirds of the samples, one sample per minute. */
export function flatVerdict(
  what: string,
  samples: readonly number[],
  { most, unit }: FlatLimit,
): Verdict {
  const settled = samples.slice(Math.floor(samples.length * SETTLING));
  const slope = Number(slopeOf(settled).toFixed(2));
  const ok = slope <= most;
  const growth = `${slope} ${unit} a minute, at most ${most}`;
  return {
    what,
    ok,
    says: `${settled[0] ?? 0} to ${settled.at(-1) ?? 0} ${unit}, ${growth}: ${ok ? 'flat' : 'NOT flat'}`,
  };
}
