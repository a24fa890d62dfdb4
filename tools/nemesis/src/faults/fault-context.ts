import type { Load } from '../load/load.js';
import type { Random } from '../system/random.js';
import type { SystemUnderTest } from '../system/system-under-test.js';

/** Context of a fault: the system, the load, and the run's own knowledge. */
export interface FaultContext {
  readonly system: SystemUnderTest;
  readonly load: Load;
  readonly random: Random;
  /** Aborted if the run is stopped early. */
  readonly ended: AbortSignal;
  readonly note: (line: string) => void;
  /** Time of each backup by name; Unix milliseconds. */
  readonly backups: Map<string, number>;
}
