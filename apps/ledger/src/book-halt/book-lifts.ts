import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import { EndsWatch, InjectLogger, RecordSeals, type EndedTable } from '@sluice/service-shell';

/** The lifts of the book, as a table with sealed ends. The book has at most one open halt. */
export const BOOK_ENDS: EndedTable = {
  table: 'book_halt',
  idType: 'uuid',
  sealed: ['id', 'reason', 'opened_at', 'lifted_at', 'lifted_by', 'lift_approved_by', 'evidence'],
  ending: ['lifted_at', 'lifted_by', 'lift_approved_by', 'evidence'],
  reopenedIf: 'NOT EXISTS (SELECT FROM book_halt b WHERE b.lifted_at IS NULL)',
};

/**
 * Verifies the lifts of the book soon after their commit. A forged lift changes nothing: the book
 * stays halted in every process, and the halt is reopened.
 */
@Injectable()
export class BookLifts extends EndsWatch {
  constructor(database: Database, seals: RecordSeals, @InjectLogger() logger: Logger) {
    super(BOOK_ENDS, 'check of the lifts of the book', { database, seals, logger });
  }
}
