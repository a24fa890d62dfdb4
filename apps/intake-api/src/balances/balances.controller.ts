import { setTimeout as sleep } from 'node:timers/promises';
import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
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
  type LedgerBalanceDto,
  MayAwait,
  Requires,
  ROLES,
  TextField,
} from '@sluice/http-api';
import { Amount, assetOf, upperCase } from '@sluice/kernel';
import { AccountStore } from '../accounts/account-store.js';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { PublicController } from '../api-keys/public-controller.js';
import { CatalogueStore } from '../catalogue/catalogue-store.js';
import { LedgerClient } from '../other-services/ledger-client.js';

const FILTER = { optional: true, read: upperCase, description: 'filter, upper or lower case' };

/** Both filters ignore case; the signature covers the letters as sent. */
class AccountBalancesQuery {
  @TextField({ max: 32 }, { ...FILTER, example: 'USDT' }) currency?: string;
  @TextField({ max: 32 }, { ...FILTER, example: 'TRX' }) network?: string;
}

/** Balance of an account per currency and network: total, reserved and available. Decimal text. */
class BalanceDto {
  @TextField({ max: 32 }, { example: 'USDT' }) currency!: string;
  @TextField({ max: 32 }, { example: 'TRX' }) network!: string;
  @TextField({}, { description: 'decimal text: booked balance', example: '999973.975' })
  balance!: string;
  @TextField({}, { description: 'decimal text: amount reserved by withdrawals', example: '26.025' })
  held!: string;
  @TextField({}, { description: 'decimal text: `balance − held`', example: '999947.95' })
  available!: string;
}

/** Converts a ledger balance to the form shown to customers and operators. */
function shownBalance({
  posted,
  currency,
  network,
  held,
  available,
}: LedgerBalanceDto): BalanceDto & AccountBalanceDto {
  return { currency, network, balance: posted, held, available };
}

@PublicController('v1/balances')
export class BalancesController {
  constructor(private readonly ledger: LedgerClient) {}

  @Get()
  @RequiresPermission('read_balance')
  @ApiOperation({ operationId: 'listBalances', summary: 'List the balances of the account' })
  @AnswersList(BalanceDto)
  async list(
    @Caller() { accountId }: ApiKey,
    @Query() { currency, network }: AccountBalancesQuery,
  ): Promise<BalanceDto[]> {
    const filter = { ...(currency && { currency }), ...(network && { network }) };
    return (await this.ledger.balances(accountId, filter)).map(shownBalance);
  }
}

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
