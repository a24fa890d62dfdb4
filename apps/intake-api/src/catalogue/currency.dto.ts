import { ApiProperty } from '@nestjs/swagger';
import { FlagField, TextField } from '@sluice/http-api';
import { Amount, assetOf, upperCase } from '@sluice/kernel';
import type { Venue, WithdrawalTerms } from '@sluice/withdrawal-core';

/**
 * Currency on a network with the account's current terms. Amounts are decimal text with the
 * contract's padding.
 */
export class CurrencyDto {
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

export class HotWalletQuery {
  @TextField({ max: 32, mayBeBlank: true }, { read: upperCase }) network!: string;
}

export class HotWalletDto {
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
