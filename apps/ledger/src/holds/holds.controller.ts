import { Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  AnswersPage,
  ApiError,
  HoldDto,
  HoldOutcomesDto,
  HoldsQuery,
  PageOf,
  Refuses,
  Requires,
  ROLES,
  WithdrawalEntriesParams,
} from '@sluice/http-api';
import { LedgerQueries } from '../postgres/ledger-queries.js';
import { HoldOutcomes } from './hold-outcomes.js';

@AdminController('holds')
export class HoldsController {
  constructor(
    private readonly queries: LedgerQueries,
    private readonly outcomes: HoldOutcomes,
  ) {}

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

  @Get(':withdrawal_id/outcomes')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'What a capture and a release of the hold would book now' })
  @Answers(HoldOutcomesDto)
  @Refuses({ 404: 'the withdrawal has no hold' })
  async holdOutcomes(
    @Param() { withdrawal_id }: WithdrawalEntriesParams,
  ): Promise<HoldOutcomesDto> {
    const outcomes = await this.outcomes.of(withdrawal_id);
    if (!outcomes) throw ApiError.notFound('The withdrawal has no hold');
    return outcomes;
  }
}
