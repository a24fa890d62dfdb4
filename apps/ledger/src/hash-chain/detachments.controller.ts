import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { unreachable } from '@sluice/result';
import type { ChainHead } from './chain-report.js';
import { detachJournal, type Detached } from './detach-journal.js';
import { failure, success, type Success } from '../admin/responses.js';

export interface DetachmentView {
  readonly until: string;
  readonly partitions: readonly string[];
  /** In all detached partitions, these and earlier ones. */
  readonly entries: string;
  /** Of the whole book as it was proven: to be kept, with the tables that were detached. */
  readonly heads: readonly ChainHead[];
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

@Controller('internal/journal')
export class DetachmentController {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Proves the whole book, keeps the proof, and detaches the partitions before a date's month. Reads everything; for operators. */
  @Post('detachments')
  @HttpCode(200)
  async detach(@Body() body: unknown): Promise<Success<DetachmentView>> {
    const before =
      typeof body === 'object' && body !== null && 'before' in body ? String(body.before) : '';
    if (!DATE.test(before) || Number.isNaN(Date.parse(before)))
      throw failure(400, 'before must be a date such as 2026-11-01');
    const detached = await detachJournal(
      this.database,
      new Date(before),
      this.database.clock.now(),
    );
    if (detached.kind !== 'detached') throw failure(409, refusalOf(detached));
    const { until, partitions, entries, proof } = detached;
    return success({ until, partitions, entries, heads: proof.chain.heads });
  }
}

function refusalOf(refused: Exclude<Detached, { kind: 'detached' }>): string {
  const { until } = refused;
  switch (refused.kind) {
    case 'nothing_to_detach':
      return `No partition of the journal ends before ${until}`;
    case 'not_over':
      return `The time before ${until} must have been over for a day`;
    case 'entry_dated_later':
      return `Entry ${refused.entry} lies before ${until} but counts later`;
    case 'too_many_outliers':
      return `Too many entries before ${until} lie outside their partitions`;
    case 'not_proven': {
      const { chain, book } = refused.proof;
      const broken = [
        ...(chain.divergence ? [chain.divergence.kind] : []),
        ...book.violations.map(({ invariant }) => invariant),
      ];
      return `Nothing was detached, because the book is not proven: ${broken.join('; ')}`;
    }
    default:
      return unreachable(refused);
  }
}
