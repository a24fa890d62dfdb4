import { setTimeout as sleep } from 'node:timers/promises';
import { Body, Get, Param, Post } from '@nestjs/common';
import {
  AccountBalanceDto,
  AccountFundingDto,
  AccountParams,
  AdminController,
  FundAccountDto,
  FundLedgerAccountDto,
  Requires,
  ROLES,
} from '@sluice/admin-api';
import { Answers, AnswersList, ApiError } from '@sluice/http-api';
import { assetOf } from '@sluice/money';
import { AccountStore } from '../accounts/account-store.js';
import { CatalogueStore } from '../catalogue/catalogue-store.js';
import { shownBalance } from './balance.dto.js';
import { LedgerClient } from './ledger-client.js';

const LEDGER_CATCH_UP = { tries: 25, pauseMs: 200 };

@AdminController('accounts/:account_id')
export class AccountBalancesController {
  constructor(
    private readonly accounts: AccountStore,
    private readonly catalogue: CatalogueStore,
    private readonly ledger: LedgerClient,
  ) {}

  @Get('balances')
  @Requires(...ROLES)
  @AnswersList(AccountBalanceDto)
  async balances(@Param() { account_id }: AccountParams): Promise<AccountBalanceDto[]> {
    await this.accounts.mustExist(account_id);
    return (await this.ledger.balances(account_id)).map(shownBalance);
  }

  /** Credits money that came from outside. */
  @Post('fundings')
  @Requires('administer')
  @Answers(AccountFundingDto)
  async fund(
    @Param() { account_id }: AccountParams,
    @Body() { currency, network, amount, reference }: FundAccountDto,
  ): Promise<AccountFundingDto> {
    await this.accounts.mustExist(account_id);
    // The ledger books any asset that it is given: a mistyped code would become a balance that nothing can pay out.
    if (!(await this.catalogue.has(currency, network)))
      throw ApiError.invalid([`currency: There is no ${currency} on ${network}`]);
    const funding = { asset: assetOf(currency, network), amount, reference };
    return this.fundWhenOpened(account_id, funding);
  }

  /** The ledger opens accounts by command: one that was created a moment ago may not have arrived there yet. */
  private async fundWhenOpened(
    accountId: string,
    funding: FundLedgerAccountDto,
  ): Promise<AccountFundingDto> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ledger.fund(accountId, funding);
      } catch (error) {
        const missing = error instanceof ApiError && error.getStatus() === 404;
        if (!missing || attempt === LEDGER_CATCH_UP.tries) throw error;
        await sleep(LEDGER_CATCH_UP.pauseMs);
      }
    }
  }
}
