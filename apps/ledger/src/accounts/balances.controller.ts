import { Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  AnswersList,
  AnswersPage,
  ApiError,
  BalancesAtParams,
  BalancesAtQuery,
  BalancesQuery,
  LedgerAccountParams,
  LedgerBalanceDto,
  PageOf,
  Refuses,
  Requires,
  ROLES,
  StatementLineDto,
  StatementQuery,
} from '@sluice/http-api';
import { customerAccount } from '@sluice/ledger-core';
import { LedgerQueries } from '../postgres/ledger-queries.js';
import { decodeCursor, encodeCursor } from './statement-cursor.js';
import { unlessDetached } from './unless-detached.js';

const UNKNOWN = 'no such account';

/** Balances and statements of customers' accounts. */
@AdminController('accounts')
export class BalancesController {
  constructor(private readonly queries: LedgerQueries) {}

  @Get(':account_id/balances')
  @Requires(...ROLES, 'service:intake-api')
  @ApiOperation({ summary: 'Balances now, all or of one currency and network' })
  @AnswersList(LedgerBalanceDto)
  @Refuses({ 404: UNKNOWN })
  async balances(
    @Param() { account_id }: LedgerAccountParams,
    @Query() filter: BalancesQuery,
  ): Promise<LedgerBalanceDto[]> {
    await this.requireAccount(account_id);
    return this.queries.balances(account_id, filter);
  }

  @Get(':account_id/balances/at/:time')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Balances at a past moment, that moment included' })
  @AnswersList(LedgerBalanceDto)
  @Refuses({ 404: UNKNOWN, 410: 'the journal of that moment is detached' })
  async balancesAt(
    @Param() { account_id, time }: BalancesAtParams,
    @Query() { by = 'recorded' }: BalancesAtQuery,
  ): Promise<LedgerBalanceDto[]> {
    await this.requireAccount(account_id);
    return unlessDetached(await this.queries.balancesAt(customerAccount(account_id), time, by));
  }

  @Get(':account_id/statement')
  @Requires(...ROLES)
  @ApiOperation({
    summary:
      'What was posted to an account, newest first; `next_cursor` goes on where a page ended, whatever is booked meanwhile',
  })
  @AnswersPage(StatementLineDto)
  @Refuses({ 404: UNKNOWN })
  async statement(
    @Param() { account_id }: LedgerAccountParams,
    @Query() { limit = 50, cursor }: StatementQuery,
  ): Promise<PageOf<StatementLineDto>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    await this.requireAccount(account_id);
    const lines = await this.queries.statement(account_id, limit, after);
    const last = lines.length === limit ? lines.at(-1) : undefined;
    const next = last && encodeCursor({ recordedAt: last.recorded_at, entryId: last.entry_id });
    return new PageOf(lines, next ?? null);
  }

  private async requireAccount(accountId: string): Promise<void> {
    if (!(await this.queries.accountExists(accountId)))
      throw ApiError.notFound('Account not found');
  }
}
