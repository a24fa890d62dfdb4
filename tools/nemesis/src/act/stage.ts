import type { Load } from '../load/load.js';
import type { Random } from '../random.js';
import type { World } from '../world/world.js';

/** Where faults are played: the world, who loads it, and what the run knows. */
export interface Stage {
  readonly world: World;
  readonly load: Load;
  readonly random: Random;
  /** Aborted when the run is ended before its time. */
  readonly ended: AbortSignal;
  readonly note: (line: string) => void;
  /** When each moment was kept, by name. */
  readonly moments: Map<string, number>;
}
