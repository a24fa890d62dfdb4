import { Get, Param } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  AnswersList,
  EntryDto,
  Refuses,
  Requires,
  ROLES,
  WithdrawalEntriesParams,
} from '@sluice/http-api';
import { LedgerQueries } from '../postgres/ledger-queries.js';

@AdminController('withdrawals')
export class WithdrawalEntriesController {
  constructor(private readonly queries: LedgerQueries) {}

  @Get(':withdrawal_id/entries')
  @Requires(...ROLES)
  @ApiOperation({
    summary:
      'Journal entries of a withdrawal, oldest first; none for a withdrawal without a movement of money',
  })
  @AnswersList(EntryDto)
  @Refuses()
  entries(@Param() { withdrawal_id }: WithdrawalEntriesParams): Promise<EntryDto[]> {
    return this.queries.entriesOf(withdrawal_id);
  }
}
