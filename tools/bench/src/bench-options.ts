/** What the command line tells a benchmark. */
export interface BenchOptions {
  /** Data folder of everything it starts. */
  readonly home: string;
  readonly say: (line: string) => void;
  /** CPU profiles of the measured process go here. */
  readonly profileDir?: string | undefined;
  /** How long the memory of the process is watched under load. */
  readonly minutes?: number | undefined;
  /** Rows written before the last measurement, instead of ten million. */
  readonly rows?: number | undefined;
}
