import { ApiError, type SetAccountTermsDto } from '@sluice/http-api';
import { assetOf } from '@sluice/kernel';
import { priceFaults } from './price-faults.js';
import { stampColumns, type NextVersion, type TermsSubject } from './terms-subject.js';
import { accountVersions, currencyVersions, type AccountVersion } from './terms-versions.js';

/** The account id is a path parameter of the account's terms. */
type AccountTermsOrder = SetAccountTermsDto & { readonly account_id: string };

type AccountTermsContent = Required<Omit<AccountTermsOrder, keyof NextVersion>>;

export const ACCOUNT_TERMS: TermsSubject<AccountTermsOrder, AccountVersion, AccountTermsContent> = {
  action: 'set terms of account',
  target: ({ account_id, currency, network }) => `${account_id} ${assetOf(currency, network)}`,
  versions: async (tx, order) =>
    (await accountVersions(tx, order.account_id, 'all')).filter(
      ({ currency, network }) => currency === order.currency && network === order.network,
    ),
  contentOf,
  check: async (tx, order) => {
    const { currency, network } = order;
    const versions = (await currencyVersions(tx, 'all')).filter(
      (one) => one.currency === currency && one.network === network,
    );
    if (versions.length === 0) throw ApiError.notFound('Currency not found on this network');
    const decimals = Math.max(...versions.map((one) => one.decimals));
    const faults = priceFaults(order, assetOf(currency, network), decimals);
    if (faults.length > 0) throw ApiError.invalid(faults);
  },
  begin: () => Promise.resolve(), // an account may have terms without any initial terms
  insert: async (tx, order, stamp) =>
    void (await tx.query(
      `INSERT INTO account_terms (account_id, currency, network, withdrawal_enabled, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent,
         version, effective_at, requested_by, approved_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        order.account_id,
        order.currency,
        order.network,
        order.withdrawal_enabled,
        order.min_withdrawal_amount,
        order.withdrawal_fee_flat,
        order.withdrawal_fee_percent,
        ...stampColumns(stamp),
      ],
    )),
};

function contentOf(row: AccountVersion): AccountTermsContent {
  return {
    account_id: row.accountId,
    currency: row.currency,
    network: row.network,
    withdrawal_enabled: row.withdrawalEnabled,
    min_withdrawal_amount: row.minWithdrawalAmount,
    withdrawal_fee_flat: row.withdrawalFeeFlat,
    withdrawal_fee_percent: row.withdrawalFeePercent,
  };
}
