import type { AccountTermsDto, CurrencyTermsDto, NetworkTermsDto } from '@sluice/admin-api';
import { amount, ASSET, count, plain, state, when } from './columns.js';
import type { Style } from './style.js';
import { table, type Column } from './table.js';

interface Prices {
  readonly withdrawal_fee_flat: string | null;
  readonly withdrawal_fee_percent: string | null;
}

const FEE: Column<Prices> = { title: 'fee', of: fee, align: 'right' };

const VERSION = [
  count('version'),
  state('state'),
  when('effective_at', 'from'),
  plain('requested_by', 'asked by'),
  plain('approved_by', 'approved by'),
] as const;

const CURRENCY: readonly Column<CurrencyTermsDto>[] = [
  ASSET,
  ...VERSION,
  plain('active'),
  plain('open_to_all', 'open to all'),
  count('decimals'),
  amount('min_withdrawal_amount', 'min'),
  FEE,
  amount('unit_worth_eur', 'EUR each'),
];

const ACCOUNT: readonly Column<AccountTermsDto>[] = [
  ASSET,
  ...VERSION,
  plain('withdrawal_enabled', 'enabled'),
  amount('min_withdrawal_amount', 'min'),
  FEE,
];

const NETWORK: readonly Column<NetworkTermsDto>[] = [
  plain('network'),
  plain('family'),
  ...VERSION,
  plain('active'),
];

export function currencyTable(rows: readonly CurrencyTermsDto[], style: Style): string {
  return table(CURRENCY, rows, style, 'there are no such terms');
}

export function accountTable(rows: readonly AccountTermsDto[], style: Style): string {
  return table(ACCOUNT, rows, style, 'the account has no terms of its own');
}

export function networkTable(rows: readonly NetworkTermsDto[], style: Style): string {
  return table(NETWORK, rows, style, 'there is no network');
}

/** Formats the fee as in routes; values equal to the currency's default are left out. */
function fee({
  withdrawal_fee_percent: percent,
  withdrawal_fee_flat: flat,
}: Prices): string | null {
  const parts = [percent === null ? null : `${percent}%`, flat].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' + ');
}
