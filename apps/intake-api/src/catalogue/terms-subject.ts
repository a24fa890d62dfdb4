import {
  ApiError,
  type SetAccountTermsDto,
  type SetCurrencyTermsDto,
  type SetNetworkTermsDto,
} from '@sluice/http-api';
import {
  type AddressFamily,
  Amount,
  type Asset,
  assetOf,
  canonicalIn,
  familyOf,
  hasBuiltInCeiling,
} from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import {
  type AccountVersion,
  accountVersions,
  type CurrencyVersion,
  currencyVersions,
  type NetworkVersion,
  networkVersions,
  type RecordedVersion,
} from './terms-versions.js';

export interface NextVersion {
  readonly after_version?: number | null;
  readonly effective_at?: string | null;
}

interface VersionStamp {
  readonly version: number;
  readonly effectiveAt: Date;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** Subject of terms: a network, a currency on a network, or an account's use of a currency. */
export interface TermsSubject<
  Order extends NextVersion,
  Version extends RecordedVersion,
  Content extends object,
> {
  readonly action: string;
  target(order: Order): string;
  versions(tx: Tx, order: Order): Promise<readonly Version[]>;
  contentOf(version: Version): Content;
  /** Throws the refusal of an order with faults, or in conflict with the existing terms. */
  check(tx: Tx, order: Order, newest: Version | null): Promise<void>;
  begin(tx: Tx, order: Order): Promise<void>;
  insert(tx: Tx, order: Order, stamp: VersionStamp): Promise<void>;
}

function stampColumns(stamp: VersionStamp): readonly unknown[] {
  return [stamp.version, stamp.effectiveAt.toISOString(), stamp.requestedBy, stamp.approvedBy];
}

/** Minimum and fees of terms, decimal text; null if not set. */
interface Prices {
  readonly min_withdrawal_amount: string | null;
  readonly withdrawal_fee_flat: string | null;
  readonly withdrawal_fee_percent: string | null;
}

const AMOUNTS = ['min_withdrawal_amount', 'withdrawal_fee_flat'] as const;

/** Returns implausible values, each as `field: reason`. */
function priceFaults(prices: Prices, asset: Asset, decimals: number): string[] {
  const tooFine = AMOUNTS.filter((field) => {
    const text = prices[field];
    return text !== null && Amount.of(text, asset).decimals() > decimals;
  });
  const percent = Amount.of(prices.withdrawal_fee_percent ?? '0', asset);
  return [
    ...tooFine.map(
      (field) => `${field}: Decimal input should have no more than ${decimals} decimal places`,
    ),
    ...(Amount.of('100', asset).lessThan(percent)
      ? ['withdrawal_fee_percent: Input should be at most 100']
      : []),
  ];
}

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

type NetworkTermsContent = Pick<SetNetworkTermsDto, 'network' | 'family' | 'active'>;

export const NETWORK_TERMS: TermsSubject<SetNetworkTermsDto, NetworkVersion, NetworkTermsContent> =
  {
    action: 'set terms of network',
    target: ({ network }) => network,
    versions: async (tx, order) =>
      (await networkVersions(tx, 'all')).filter(({ network }) => network === order.network),
    contentOf: ({ network, family, active }) => ({ network, family, active }),
    check: (_tx, { network, family }, newest) => {
      const given = newest?.family ?? familyOf(network) ?? family;
      return given === family
        ? Promise.resolve()
        : Promise.reject(
            ApiError.conflict(`The family of ${network} is ${given}, and never changes`),
          );
    },
    begin: async (tx, { network, family }) =>
      void (await tx.query('INSERT INTO network (code, family, active) VALUES ($1, $2, false)', [
        network,
        family,
      ])),
    insert: async (tx, { network, active }, stamp) =>
      void (await tx.query(
        `INSERT INTO network_terms (network, active, version, effective_at, requested_by, approved_by)
       VALUES ($1, $2, $3, $4, $5, $6)`,
        [network, active, ...stampColumns(stamp)],
      )),
  };

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
  contentOf: accountContentOf,
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

function accountContentOf(row: AccountVersion): AccountTermsContent {
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
