import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { Answers, AnswersList, FlagField, TextField } from '@sluice/http-api';
import { Amount, assetOf, upperCase } from '@sluice/kernel';
import type { Venue, WithdrawalTerms } from '@sluice/withdrawal-core';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { PublicController } from '../api-keys/public-controller.js';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../http/deadline.js';
import { MayRefuse, PublicError } from '../http/public-error.js';
import { CatalogueStore } from './catalogue-store.js';

/**
 * Currency on a network with the account's current terms. Amounts are decimal text with the
 * contract's padding.
 */
class CurrencyDto {
  @TextField({ max: 32 }) currency!: string;
  @TextField({ max: 32 }) network!: string;
  @TextField() name!: string;
  @FlagField({
    description: 'true for a token of a contract, false for the native coin of the network',
  })
  is_token!: boolean;
  @ApiProperty({ type: String, nullable: true }) contract_address!: string | null;
  @ApiProperty({ type: 'integer' }) decimals!: number;
  @FlagField() deposit_enabled!: boolean;
  @FlagField() withdrawal_enabled!: boolean;
  @TextField() min_deposit_amount!: string;
  @TextField() min_withdrawal_amount!: string;
  @TextField() withdrawal_fee_flat!: string;
  @TextField({}, { description: 'percentage: 0.1 is a thousandth of the amount' })
  withdrawal_fee_percent!: string;
}

class HotWalletQuery {
  @TextField({ max: 32, mayBeBlank: true }, { read: upperCase }) network!: string;
}

class HotWalletDto {
  @TextField({ max: 32 }) network!: string;
  @TextField() address!: string;
}

/** Currency in the form listed by the catalogue. */
interface Listed {
  readonly currency: string;
  readonly network: string;
  readonly name: string;
  readonly contractAddress: string | null;
  readonly terms: WithdrawalTerms;
}

const AMOUNT_DECIMALS = 18;
const PERCENT_DECIMALS = 6;

/**
 * Returns the currencies enabled for the account, sorted by name. Deposits are not supported:
 * disabled for all.
 */
export function shownCurrencies(currencies: readonly Listed[]): CurrencyDto[] {
  return currencies
    .filter(({ terms }) => terms.enabled)
    .map(shown)
    .toSorted((a, b) => compare(a.currency, b.currency) || compare(a.network, b.network));
}

function shown({ currency, network, name, contractAddress, terms }: Listed): CurrencyDto {
  const first = firstOpen(terms);
  const padded = (decimal: string, decimals: number): string => {
    const amount = Amount.of(decimal, assetOf(currency, network));
    return amount.toFixed(Math.max(decimals, amount.decimals()));
  };
  return {
    currency,
    network,
    name,
    is_token: contractAddress !== null,
    contract_address: contractAddress,
    decimals: terms.decimals,
    deposit_enabled: false,
    withdrawal_enabled: true,
    min_deposit_amount: padded('0', AMOUNT_DECIMALS),
    min_withdrawal_amount: padded(terms.minimum, AMOUNT_DECIMALS),
    withdrawal_fee_flat: padded(first?.feeFlat ?? terms.flat, AMOUNT_DECIMALS),
    withdrawal_fee_percent: padded(first?.feePercent ?? terms.percent, PERCENT_DECIMALS),
  };
}

/** Returns the first open venue. The fee of a withdrawal is the fee of this venue. */
function firstOpen({ venues }: WithdrawalTerms): Venue | undefined {
  return venues.find(({ state, hasNoWallet = false }) => state === 'on' && !hasNoWallet);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

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
