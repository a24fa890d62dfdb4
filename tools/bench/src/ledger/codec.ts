import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordCodec } from '@sluice/kafka';
import type { BenchOptions } from '../system/bench-options.js';
import { benchLedger, type LedgerReport } from './ledger.js';

const [PAIRS, ROWS] = [3, 200_000];

type Measured = Pick<
  LedgerReport,
  | 'holds_per_second'
  | 'hot_account_holds_per_second'
  | 'lives_per_second'
  | 'hold_cpu_micros'
  | 'ceiling_holds_per_second'
>;

interface CodecReport {
  readonly ours: readonly Measured[];
  readonly kafkajs: readonly Measured[];
  /**
   * Holds per second with our codec divided by holds per second with the codec of kafkajs, pair by
   * pair.
   */
  readonly holds_ratio_of_pairs: readonly number[];
  readonly holds_ratio_median: number;
}

/**
 * Gain by our record codec alone: runs the ledger's benchmark with and without the codec in turn.
 * The order alternates from pair to pair.
 */
export async function benchCodec(options: BenchOptions): Promise<CodecReport> {
  const { home, say, pairs = PAIRS, rows = ROWS } = options;
  const measured: Record<RecordCodec, Measured[]> = { ours: [], kafkajs: [] };
  for (let pair = 0; pair < pairs; pair++) {
    const order = ['ours', 'kafkajs'] as const;
    for (const codec of pair % 2 === 0 ? order : order.toReversed()) {
      say(`\npair ${pair + 1} of ${pairs}, codec ${codec}`);
      const folder = join(home, `${codec}-${pair}`);
      mkdirSync(folder, { mode: 0o711 });
      measured[codec].push(numbersOf(await benchLedger({ home: folder, say, rows, codec })));
    }
  }
  const ratios = measured.ours.map(({ holds_per_second }, pair) =>
    rounded(holds_per_second / (measured.kafkajs[pair]?.holds_per_second ?? Number.NaN)),
  );
  return { ...measured, holds_ratio_of_pairs: ratios, holds_ratio_median: median(ratios) };
}

function numbersOf(report: LedgerReport): Measured {
  const { holds_per_second, hot_account_holds_per_second, lives_per_second } = report;
  const { hold_cpu_micros, ceiling_holds_per_second } = report;
  return {
    holds_per_second,
    hot_account_holds_per_second,
    lives_per_second,
    hold_cpu_micros,
    ceiling_holds_per_second,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function rounded(ratio: number): number {
  return Number(ratio.toFixed(2));
}
