import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import {
  EndsWatch,
  InjectLogger,
  openHalts,
  RecordSeals,
  type EndedTable,
} from '@sluice/service-shell';
import { Database } from '@sluice/postgres';

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
 * Verifies the closings of breaks soon after their commit. A break with a forged closing is
 * reopened, and the venue is halted.
 */
@Injectable()
export class BreakClosings extends EndsWatch {
  constructor(database: Database, seals: RecordSeals, @InjectLogger() logger: Logger) {
    super(BREAK_ENDS, 'check of the closings of breaks', {
      database,
      seals,
      logger,
      onForged: ({ id, closed_by: by }) =>
        openHalts(database, [haltOf(String(id), String(by))], 'the check of the seals'),
    });
  }
}

function haltOf(id: string, by: string) {
  return {
    reason: 'forged_closing',
    subject: `break ${id}`,
    details: `break ${id} was closed in the name of ${by} without a valid seal; find the writer of this database before lifting`,
  };
}
