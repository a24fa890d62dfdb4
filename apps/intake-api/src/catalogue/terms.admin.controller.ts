import { Body, Get, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type Accepted,
  acceptedWhenAwaited,
  AccountParams,
  AccountTermsDto,
  AdminController,
  Answers,
  AnswersList,
  type AwaitedDto,
  type Caller,
  CallerOf,
  CurrencyTermsDto,
  MayAwait,
  NetworkTermsDto,
  Refuses,
  Requires,
  ROLES,
  SetAccountTermsDto,
  SetCurrencyTermsDto,
  SetNetworkTermsDto,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { AccountStore } from '../accounts/account-store.js';
import { ACCOUNT_TERMS, CURRENCY_TERMS, NETWORK_TERMS } from './terms-subject.js';
import { SetTerms, shownVersions } from './set-terms.js';
import { accountVersions, currencyVersions, networkVersions } from './terms-versions.js';

const REFUSALS = {
  404: 'no such network, or no such currency on it',
  409: 'other terms were recorded since these were read, or the same person repeated the request',
  422: 'terms that cannot be meant, or that would begin too soon',
};

/** Terms of withdrawal: all versions with effective time, requester and approver. */
@AdminController('terms')
export class TermsController {
  constructor(
    private readonly database: Database,
    private readonly terms: SetTerms,
  ) {}

  @Get('networks')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'All versions of all networks, in the order in which they begin' })
  @AnswersList(NetworkTermsDto)
  async networkTerms(): Promise<NetworkTermsDto[]> {
    const versions = await networkVersions(this.database, 'all');
    const { contentOf } = NETWORK_TERMS;
    const of = { subject: ({ network }: { network: string }) => network, contentOf };
    return shownVersions(versions, of, this.database.clock.now());
  }

  @Post('networks')
  @Requires('administer', 'approve')
  @ApiOperation({ summary: 'Records the next version of a network. Requires two people' })
  @Answers(NetworkTermsDto)
  @MayAwait()
  @Refuses(REFUSALS)
  async setNetworkTerms(
    @Body() order: SetNetworkTermsDto,
    @CallerOf() caller: Caller,
  ): Promise<NetworkTermsDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.terms.run(NETWORK_TERMS, order, caller));
  }

  @Get('currencies')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'All versions of all currencies, in the order in which they begin' })
  @AnswersList(CurrencyTermsDto)
  async currencyTerms(): Promise<CurrencyTermsDto[]> {
    const versions = await currencyVersions(this.database, 'all');
    const { contentOf } = CURRENCY_TERMS;
    return shownVersions(versions, { subject: assetIn, contentOf }, this.database.clock.now());
  }

  @Post('currencies')
  @Requires('administer', 'approve')
  @ApiOperation({
    summary: 'Records the next version of a currency on a network. Requires two people',
  })
  @Answers(CurrencyTermsDto)
  @MayAwait()
  @Refuses(REFUSALS)
  async setCurrencyTerms(
    @Body() order: SetCurrencyTermsDto,
    @CallerOf() caller: Caller,
  ): Promise<CurrencyTermsDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.terms.run(CURRENCY_TERMS, order, caller));
  }
}

@AdminController('accounts/:account_id/terms')
export class AccountTermsController {
  constructor(
    private readonly accounts: AccountStore,
    private readonly database: Database,
    private readonly terms: SetTerms,
  ) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'All versions of the terms of the account' })
  @AnswersList(AccountTermsDto)
  @Refuses({ 404: 'no such account' })
  async accountTerms(@Param() { account_id }: AccountParams): Promise<AccountTermsDto[]> {
    await this.accounts.mustExist(account_id);
    const versions = await accountVersions(this.database, account_id, 'all');
    const { contentOf } = ACCOUNT_TERMS;
    return shownVersions(versions, { subject: assetIn, contentOf }, this.database.clock.now());
  }

  @Post()
  @Requires('administer', 'approve')
  @ApiOperation({
    summary:
      'Records the next version of an account’s own terms for a currency on a network. Requires two people',
  })
  @Answers(AccountTermsDto)
  @MayAwait()
  @Refuses(REFUSALS)
  async setAccountTerms(
    @Param() { account_id }: AccountParams,
    @Body() order: SetAccountTermsDto,
    @CallerOf() caller: Caller,
  ): Promise<AccountTermsDto | Accepted<AwaitedDto>> {
    await this.accounts.mustExist(account_id);
    return acceptedWhenAwaited(
      await this.terms.run(ACCOUNT_TERMS, { ...order, account_id }, caller),
    );
  }
}

function assetIn({ currency, network }: { currency: string; network: string }): string {
  return `${currency}.${network}`;
}
