import type { AccountBalanceDto, LedgerBalanceDto } from '@sluice/admin-api';
import { TextField } from '@sluice/http-api';
import { upperCase } from '@sluice/money';

/** Both filters ignore case; the signature is over the letters that were sent. An empty one filters nothing. */
export class BalancesQuery {
  @TextField({ min: 0, max: 32 }, { optional: true, read: upperCase }) currency?: string;
  @TextField({ min: 0, max: 32 }, { optional: true, read: upperCase }) network?: string;
}

/** What an account has of one currency on one network: in all, reserved, and left. Decimal text. */
export class BalanceDto {
  @TextField({ max: 32 }) currency!: string;
  @TextField({ max: 32 }) network!: string;
  @TextField() balance!: string;
  @TextField() held!: string;
  @TextField() available!: string;
}

/** A balance of the ledger, as this service shows it to customers and operators. */
export function shownBalance({
  posted,
  currency,
  network,
  held,
  available,
}: LedgerBalanceDto): BalanceDto & AccountBalanceDto {
  return { currency, network, balance: posted, held, available };
}
