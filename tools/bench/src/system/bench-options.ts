import type { RecordCodec } from '@sluice/kafka';

/** Options of a benchmark from the command line. */
export interface BenchOptions {
  /** Data folder of all started processes. */
  readonly home: string;
  readonly say: (line: string) => void;
  /** Folder for CPU profiles of the measured process. */
  readonly profileDir?: string | undefined;
  /** Duration of the memory watch under load, of the process or of the system. */
  readonly minutes?: number | undefined;
  /** Codec of the measured process's records. */
  readonly codec?: RecordCodec | undefined;
  /** Number of pairs measured in turn. */
  readonly pairs?: number | undefined;
  /** System benchmarks: withdrawals offered per second, a measurement for each rate. */
  readonly rates?: readonly number[] | undefined;
  /** Duration of each rate (default: chosen by rate). */
  readonly seconds?: number | undefined;
  /**
   * e2e: first rate of the search. soak: withdrawals offered per second. backlog: assumed sustained
   * rate.
   */
  readonly rate?: number | undefined;
  /** backlog: number of gathered withdrawals. */
  readonly count?: number | undefined;
  /** budget: writes the committed budget file instead of measuring the rates. */
  readonly write?: boolean | undefined;
  /** e2e: file of a rule set that is published before the measurement. */
  readonly policy?: string | undefined;
  /** Rows written before the last measurement, instead of ten million. */
  readonly rows?: number | undefined;
}
