import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Answers, AnswersList } from '@sluice/http-api';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../http/deadline.js';
import { MayRefuse } from '../http/may-refuse.js';
import { PublicController } from '../api-keys/public-controller.js';
import { PublicError } from '../http/public-error.js';
import { CatalogueStore } from './catalogue-store.js';
import { CurrencyDto, HotWalletDto, HotWalletQuery, shownCurrencies } from './currency.dto.js';

@PublicController('v1/currencies')
export class CurrenciesController {
  constructor(private readonly catalogue: CatalogueStore) {}

  @Get()
  @RequiresPermission('list_currencies')
  @ApiOperation({
    operationId: 'listCurrencies',
    summary: 'List what the account may withdraw, and on which terms',
  })
  @AnswersList(CurrencyDto)
  async list(@Caller() { accountId }: ApiKey): Promise<CurrencyDto[]> {
    const looking = this.catalogue.forAccount(accountId);
    const { currencies } = await withDeadline(looking, LOOK_UP_WITHIN_MS, 'unavailable');
    return shownCurrencies(currencies);
  }
}

@PublicController('v1/hot-wallet-address')
export class HotWalletController {
  constructor(private readonly catalogue: CatalogueStore) {}

  @Get()
  @RequiresPermission('request_withdrawal_funding_address')
  @ApiOperation({
    operationId: 'getHotWalletAddress',
    summary: 'Look up the address that a network is paid from',
    description:
      'Our own wallet: the account’s, or that of all accounts. It needs what is withdrawn and the coin of its network for gas.',
  })
  @Answers(HotWalletDto)
  @MayRefuse('hot_wallet_not_allocated', 'network_not_found')
  async show(
    @Caller() { accountId }: ApiKey,
    @Query() { network }: HotWalletQuery,
  ): Promise<HotWalletDto> {
    const looking = this.catalogue.forAccount(accountId);
    const catalogue = await withDeadline(looking, LOOK_UP_WITHIN_MS, 'unavailable');
    if (!catalogue.hasNetwork(network)) throw PublicError.of('network_not_found');
    const address = catalogue.hotWallet(network);
    if (address === null) throw PublicError.of('hot_wallet_not_allocated');
    return { network, address };
  }
}
