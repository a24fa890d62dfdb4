import { ApiError, type SetCurrencyTermsDto } from '@sluice/http-api';
import { type AddressFamily, assetOf, canonicalIn, hasBuiltInCeiling } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import { priceFaults } from './price-faults.js';
import {
  stampColumns,
  type NextVersion,
  type TermsSubject,
  type VersionStamp,
} from './terms-subject.js';
import { currencyVersions, networkVersions, type CurrencyVersion } from './terms-versions.js';

type CurrencyTermsContent = Required<Omit<SetCurrencyTermsDto, keyof NextVersion>>;

export const CURRENCY_TERMS: TermsSubject<
  SetCurrencyTermsDto,
  CurrencyVersion,
  CurrencyTermsContent
> = {
  action: 'set terms of currency',
  target: ({ currency, network }) => assetOf(currency, network),
  versions: async (tx, order) =>
    (await currencyVersions(tx, 'all')).filter(
      ({ currency, network }) => currency === order.currency && network === order.network,
    ),
  contentOf,
  check: async (tx, order) => {
    const network = (await networkVersions(tx, 'all')).find((one) => one.network === order.network);
    if (network === undefined)
      throw ApiError.notFound('Network not found: a network has terms before its currencies');
    const faults = faultsOf(order, network.family);
    if (faults.length > 0) throw ApiError.invalid(faults);
  },
  begin: async (tx, order) =>
    void (await tx.query(
      `INSERT INTO currency (currency, network, ${CONTENT}, active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, false)`,
      [order.currency, order.network, ...contentColumns(order)],
    )),
  insert,
};

function contentOf(row: CurrencyVersion): CurrencyTermsContent {
  return {
    currency: row.currency,
    network: row.network,
    name: row.name,
    contract_address: row.contractAddress,
    decimals: row.decimals,
    active: row.active,
    open_to_all: row.openToAll,
    min_withdrawal_amount: row.minWithdrawalAmount,
    withdrawal_fee_flat: row.withdrawalFeeFlat,
    withdrawal_fee_percent: row.withdrawalFeePercent,
    unit_worth_eur: row.unitWorthEur,
  };
}

/** Checks across several fields; returns each fault as `field: reason`. */
function faultsOf(order: SetCurrencyTermsDto, family: AddressFamily): string[] {
  const { currency, network, contract_address: contract, unit_worth_eur: worth } = order;
  const isNamed = hasBuiltInCeiling(currency);
  return [
    ...(contract !== null && !canonicalIn(family, contract).ok
      ? [`contract_address: Input should be an address of ${network}`]
      : []),
    ...priceFaults(order, assetOf(currency, network), order.decimals),
    ...(isNamed && worth !== null
      ? [`unit_worth_eur: Input should be null: a release has the ceiling of ${currency}`]
      : []),
    ...(!isNamed && worth === null
      ? [`unit_worth_eur: Field required: no release has a ceiling of ${currency}`]
      : []),
  ];
}

const CONTENT =
  'name, contract_address, decimals, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent';

function contentColumns(order: SetCurrencyTermsDto): readonly unknown[] {
  return [
    order.name,
    order.contract_address,
    order.decimals,
    order.min_withdrawal_amount,
    order.withdrawal_fee_flat,
    order.withdrawal_fee_percent,
  ];
}

async function insert(tx: Tx, order: SetCurrencyTermsDto, stamp: VersionStamp): Promise<void> {
  await tx.query(
    `INSERT INTO currency_terms (currency, network, ${CONTENT}, active, open_to_all, unit_worth_eur, version, effective_at, requested_by, approved_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      order.currency,
      order.network,
      ...contentColumns(order),
      order.active,
      order.open_to_all,
      order.unit_worth_eur,
      ...stampColumns(stamp),
    ],
  );
}
