import { Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import {
  InjectLogger,
  LoopingService,
  openHalts,
  RecordSeals,
  SealedEnds,
  type EndedTable,
} from '@sluice/service-shell';
import { Database, type Tx } from '@sluice/postgres';

const LOOK_EVERY_MS = 1_000;

const BREAK_ENDS: EndedTable = {
  table: 'break',
  idType: 'bigint',
  sealed: [
    'id',
    'kind',
    'subject',
    'withdrawal_id',
    'details',
    'halt_id',
    'opened_at',
    'closed_at',
    'closed_by',
    'close_evidence',
  ],
  ending: ['closed_at', 'closed_by', 'close_evidence'],
};

/**
 * Verifies the closings of breaks every second. A break with a forged closing is reopened, and the
 * venue is halted.
 */
@Injectable()
export class BreakClosings extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private readonly ends: SealedEnds;

  constructor(database: Database, seals: RecordSeals, @InjectLogger() logger: Logger) {
    super();
    this.ends = new SealedEnds(BREAK_ENDS, {
      database,
      seals,
      logger,
      onForged: ({ id, closed_by: by }) =>
        openHalts(database, [haltOf(String(id), String(by))], 'the check of the seals'),
    });
    this.loop = new BackgroundLoop('check of the closings of breaks', logger, async () => {
      await this.ends.look();
      return LOOK_EVERY_MS;
    });
  }

  look(): Promise<void> {
    return this.ends.look();
  }

  seal(tx: Pick<Tx, 'query'>, id: string): Promise<void> {
    return this.ends.seal(tx, id);
  }
}

function haltOf(id: string, by: string) {
  return {
    reason: 'forged_closing',
    subject: `break ${id}`,
    details: `break ${id} was closed in the name of ${by} without a valid seal; find the writer of this database before lifting`,
  };
}
