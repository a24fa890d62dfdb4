import type { Load } from '../load/load.js';
import type { Random } from '../random.js';
import type { SystemUnderTest } from '../system/system-under-test.js';

/** What a fault needs: the system, its load, and what the run knows. */
export interface FaultContext {
  readonly system: SystemUnderTest;
  readonly load: Load;
  readonly random: Random;
  /** Aborted when the run is ended before its time. */
  readonly ended: AbortSignal;
  readonly note: (line: string) => void;
  /** When each backup was taken, by name; Unix milliseconds. */
  readonly backups: Map<string, number>;
}
