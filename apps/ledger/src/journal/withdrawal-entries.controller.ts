import { Controller, Get, Inject, Param } from '@nestjs/common';
import { LedgerQueries } from '../postgres/ledger-queries.js';
import type { EntryView } from '../postgres/views.js';
import { success, uuidParam, type Success } from '../admin/responses.js';

@Controller('internal/withdrawals')
export class WithdrawalsController {
  constructor(@Inject(LedgerQueries) private readonly queries: LedgerQueries) {}

  /** Empty for a withdrawal that moved nothing. */
  @Get(':withdrawalId/entries')
  async entries(@Param('withdrawalId') id: string): Promise<Success<readonly EntryView[]>> {
    return success(await this.queries.entriesOf(uuidParam(id, 'withdrawal_id')));
  }
}
