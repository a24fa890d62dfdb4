import { type AccountBalanceDto, type LedgerBalanceDto, TextField } from '@sluice/http-api';
import { upperCase } from '@sluice/kernel';

const FILTER = { optional: true, read: upperCase, description: 'filter, upper or lower case' };

/** Both filters ignore case; the signature covers the letters as sent. */
export class AccountBalancesQuery {
  @TextField({ max: 32 }, { ...FILTER, example: 'USDT' }) currency?: string;
  @TextField({ max: 32 }, { ...FILTER, example: 'TRX' }) network?: string;
}

/** Balance of an account per currency and network: total, reserved and available. Decimal text. */
export class BalanceDto {
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
export function shownBalance({
  posted,
  currency,
  network,
  held,
  available,
}: LedgerBalanceDto): BalanceDto & AccountBalanceDto {
  return { currency, network, balance: posted, held, available };
}
