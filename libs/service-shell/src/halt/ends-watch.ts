import type { Database, Tx } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { LoopingService } from '../platform/looping-service.js';
import { type EndedTable, SealedEnds, type SealedEndsOptions } from './sealed-ends.js';

/** Longest time between two looks. The common poll finds unverified ends within three seconds. */
const LOOK_EVERY_MS = 60_000;

interface EndsWatchOptions extends SealedEndsOptions {
  readonly database: Database;
  readonly logger: Logger;
}

/**
 * Verifies the ends of a table's rows soon after their commit, and seals new ends. A row counts as
 * in force until the verification: a late look keeps a halt longer, and ends none.
 */
export abstract class EndsWatch extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private readonly ends: SealedEnds;

  /** `name`: name of the check in the log. */
  constructor(
    of: EndedTable,
    name: string,
    private readonly options: EndsWatchOptions,
  ) {
    super();
    this.ends = new SealedEnds(of, options);
    this.loop = new BackgroundLoop(name, options.logger, async () => {
      await this.look();
      return LOOK_EVERY_MS;
    });
  }

  /** Returns a callback that must be called at each end of a row; the common poll is the net. */
  whenEnded(): () => void {
    return () => this.loop.wake();
  }

  override onApplicationBootstrap(): void {
    super.onApplicationBootstrap();
    this.options.database.poll.add<boolean>({
      sql: (param) => this.ends.areUnverified(param(this.ends.ids)),
      onAnswer: (isAny) => {
        if (isAny) this.loop.wake();
      },
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
