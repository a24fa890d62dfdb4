import { Get, Param, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  BalancesAtQuery,
  HouseAccountParams,
  HouseBalancesAtParams,
  HouseBalancesDto,
  LedgerBalanceDto,
  Refuses,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { chartAccount, customerOf } from '@sluice/ledger-core';
import { unlessDetached } from './unless-detached.js';
import { LedgerQueries } from '../postgres/ledger-queries.js';

const UNKNOWN = 'no shared account has this name';

/** The firm's own accounts, for example `clearing:<venue>`. The API calls them shared accounts. */
@AdminController('shared-accounts')
export class HouseAccountsController {
  constructor(private readonly queries: LedgerQueries) {}

  @Get(':account/balances')
  @Requires(...ROLES, 'service:intake-api')
  @ApiOperation({
    summary: 'Balances of a shared account now, exact, and how far its folded days are behind',
  })
  @Answers(HouseBalancesDto)
  @Refuses({ 404: UNKNOWN })
  balances(@Param() { account }: HouseAccountParams): Promise<HouseBalancesDto> {
    return this.queries.sharedBalances(sharedAccount(account));
  }

  @Get(':account/balances/at/:time')
  @Requires(...ROLES)
  @ApiOperation({
    summary: 'Balances of a shared account at a past moment, folded from its postings',
  })
  @AnswersList(LedgerBalanceDto)
  @Refuses({ 404: UNKNOWN, 410: 'the journal of that moment is detached' })
  async balancesAt(
    @Param() { account, time }: HouseBalancesAtParams,
    @Query() { by = 'recorded' }: BalancesAtQuery,
  ): Promise<LedgerBalanceDto[]> {
    return unlessDetached(await this.queries.balancesAt(sharedAccount(account), time, by));
  }
}

/** Throws 404 for a customer's account and for unknown accounts. */
function sharedAccount(name: string): string {
  const account = chartAccount(name);
  if (!account || customerOf(account) !== undefined)
    throw ApiError.notFound('No shared account has this name');
  return account;
}
