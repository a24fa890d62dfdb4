import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import {
  InjectLogger,
  LoopingService,
  RecordSeals,
  SealedEnds,
  type EndedTable,
} from '@sluice/service-shell';

const LOOK_EVERY_MS = 1_000;

/** The lifts of the book, as a table with sealed ends. The book has at most one open halt. */
export const BOOK_ENDS: EndedTable = {
  table: 'book_halt',
  idType: 'uuid',
  sealed: ['id', 'reason', 'opened_at', 'lifted_at', 'lifted_by', 'lift_approved_by', 'evidence'],
  ending: ['lifted_at', 'lifted_by', 'lift_approved_by', 'evidence'],
  reopenedIf: 'NOT EXISTS (SELECT FROM book_halt b WHERE b.lifted_at IS NULL)',
};

/**
 * Verifies the lifts of the book every second. A forged lift changes nothing: the book stays halted
 * in every process, and the halt is reopened.
 */
@Injectable()
export class BookLifts extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private readonly ends: SealedEnds;

  constructor(database: Database, seals: RecordSeals, @InjectLogger() logger: Logger) {
    super();
    this.ends = new SealedEnds(BOOK_ENDS, { database, seals, logger });
    this.loop = new BackgroundLoop('check of the lifts of the book', logger, async () => {
      await this.ends.look();
      return LOOK_EVERY_MS;
    });
  }

  /** Ids of the halts with a verified lift, for `inForceSql`. */
  get verified(): readonly string[] {
    return this.ends.ids;
  }

  /** `isWanted`: as in `SealedEnds`. */
  look(isWanted?: (id: string) => boolean): Promise<void> {
    return this.ends.look(isWanted);
  }

  seal(tx: Pick<Tx, 'query'>, id: string): Promise<void> {
    return this.ends.seal(tx, id);
  }
}
