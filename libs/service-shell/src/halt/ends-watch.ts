import type { Tx } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { LoopingService } from '../platform/looping-service.js';
import { type EndedTable, SealedEnds, type SealedEndsOptions } from './sealed-ends.js';

const LOOK_EVERY_MS = 1_000;

interface EndsWatchOptions extends SealedEndsOptions {
  readonly logger: Logger;
}

/** Verifies the ends of a table's rows every second, and seals new ends. */
export abstract class EndsWatch extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private readonly ends: SealedEnds;

  /** `name`: name of the check in the log. */
  constructor(of: EndedTable, name: string, options: EndsWatchOptions) {
    super();
    this.ends = new SealedEnds(of, options);
    this.loop = new BackgroundLoop(name, options.logger, async () => {
      await this.look();
      return LOOK_EVERY_MS;
    });
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
