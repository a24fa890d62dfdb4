import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  AnswersPage,
  HoldDto,
  HoldsQuery,
  PageOf,
  Refuses,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { LedgerQueries } from '../postgres/ledger-queries.js';

@AdminController('holds')
export class HoldsController {
  constructor(private readonly queries: LedgerQueries) {}

  /** The last withdrawal of a page is the cursor of the next. */
  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Holds in one state, newest first' })
  @AnswersPage(HoldDto)
  @Refuses()
  async holds(
    @Query() { state, account_id: accountId, limit = 50, cursor: after }: HoldsQuery,
  ): Promise<PageOf<HoldDto>> {
    const holds = await this.queries.holds(state, limit, { accountId, after });
    const last = holds.length === limit ? holds.at(-1) : undefined;
    return new PageOf(holds, last?.withdrawal_id ?? null);
  }
}
