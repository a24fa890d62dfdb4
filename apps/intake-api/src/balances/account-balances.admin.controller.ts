import { setTimeout as sleep } from 'node:timers/promises';
import { Body, Get, Param, Post } from '@nestjs/common';
import {
  type Accepted,
  acceptedWhenAwaited,
  AccountBalanceDto,
  AccountFundingDto,
  AccountParams,
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  type AwaitedDto,
  CredentialOf,
  FundAccountDto,
  FundLedgerAccountDto,
  MayAwait,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Amount, assetOf } from '@sluice/kernel';
import { AccountStore } from '../accounts/account-store.js';
import { CatalogueStore } from '../catalogue/catalogue-store.js';
import { shownBalance } from './balance.dto.js';
import { LedgerClient } from '../other-services/ledger-client.js';

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

  /** Credits money that came from outside, in the caller's name: a large amount awaits a second person at the ledger. */
  @Post('fundings')
  @Requires('administer')
  @Answers(AccountFundingDto)
  @MayAwait()
  async fund(
    @Param() { account_id }: AccountParams,
    @Body() { currency, network, ...rest }: FundAccountDto,
    @CredentialOf() token: string,
  ): Promise<AccountFundingDto | Accepted<AwaitedDto>> {
    await this.accounts.mustExist(account_id);
    const asset = assetOf(currency, network);
    // The ledger books any asset in any fraction: a mistyped code or digit would become a balance
    // no venue can pay out.
    const decimals = await this.catalogue.decimals(currency, network);
    if (decimals === null)
      throw ApiError.invalid([`currency: There is no ${currency} on ${network}`]);
    if (Amount.of(rest.amount, asset).decimals() > decimals)
      throw ApiError.invalid([
        `amount: ${currency} on ${network} has no more than ${decimals} decimals`,
      ]);
    return acceptedWhenAwaited(await this.fundWhenOpened(account_id, { asset, ...rest }, token));
  }

  /**
   * The ledger opens accounts by command: a recently created account may not have arrived at the
   * ledger yet.
   */
  private async fundWhenOpened(
    accountId: string,
    funding: FundLedgerAccountDto,
    token: string,
  ): Promise<AccountFundingDto | AwaitedDto> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.ledger.fund(accountId, funding, token);
      } catch (error) {
        const missing = error instanceof ApiError && error.getStatus() === 404;
        if (!missing || attempt === LEDGER_CATCH_UP.tries) throw error;
        await sleep(LEDGER_CATCH_UP.pauseMs);
      }
    }
  }
}
