import type { RecordCodec } from '@sluice/kafka';

/** What the command line tells a benchmark. */
export interface BenchOptions {
  /** Data folder of everything it starts. */
  readonly home: string;
  readonly say: (line: string) => void;
  /** CPU profiles of the measured process go here. */
  readonly profileDir?: string | undefined;
  /** How long the memory of the process, or of the system, is watched under load. */
  readonly minutes?: number | undefined;
  /** Who codes the records of the measured process. */
  readonly codec?: RecordCodec | undefined;
  /** How often two of a kind are measured in turn. */
  readonly pairs?: number | undefined;
  /** Of the whole system: withdrawals that are offered per second, one rate after the other. */
  readonly rates?: readonly number[] | undefined;
  /** How long each rate is offered, instead of what fits it. */
  readonly seconds?: number | undefined;
  /** Of e2e: where the search begins. Of soak: withdrawals offered per second. Of backlog: what is taken for sustained. */
  readonly rate?: number | undefined;
  /** Of backlog: withdrawals that gather. */
  readonly count?: number | undefined;
  /** Rows written before the last measurement, instead of ten million. */
  readonly rows?: number | undefined;
}
