import type { Tx } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { LoopingService } from '../platform/looping-service.js';
import { type EndedTable, SealedEnds, type SealedEndsOptions } from './sealed-ends.js';

const LOOK_EVERY_MS = 1_000;
/** Interval for a process with notifications: finds the end of a lost notification. */
const LOOK_AT_REST_MS = 10_000;

interface EndsWatchOptions extends SealedEndsOptions {
  readonly logger: Logger;
}

/** Verifies the ends of a table's rows every second, or as they are notified, and seals new ends. */
export abstract class EndsWatch extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private readonly ends: SealedEnds;
  private restMs = LOOK_EVERY_MS;

  /** `name`: name of the check in the log. */
  constructor(of: EndedTable, name: string, options: EndsWatchOptions) {
    super();
    this.ends = new SealedEnds(of, options);
    this.loop = new BackgroundLoop(name, options.logger, async () => {
      await this.look();
      return this.restMs;
    });
  }

  /** Rests longer between two looks. The returned callback must be called at each end of a row. */
  whenEnded(): () => void {
    this.restMs = LOOK_AT_REST_MS;
    return () => this.loop.wake();
  }

  /** Ids of the rows with a verified end, for `inForceSql`. */
  get verified(): readonly string[] {
    return this.ends.ids;
  }

  /** `isWanted`: as in `SealedEnds`. */
  look(isWanted?: (id: string) => boolean): Promise<void> {
    return this.ends.look(isWanted);
  }

  /** Seals the end of a row, in the transaction of the end. */
  seal(tx: Pick<Tx, 'query'>, id: string): Promise<void> {
    return this.ends.seal(tx, id);
  }
}
