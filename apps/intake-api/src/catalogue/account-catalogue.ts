import {
  addressHint,
  Amount,
  type Asset,
  assetOf,
  canonicalIn,
  ceilingOf,
  isLostIn,
  isSameAddressIn,
  type LoweredCeilings,
  memoFaultIn,
} from '@sluice/kernel';
import type { Catalogue, Venue, WithdrawalTerms } from '@sluice/withdrawal-core';
import { hotWalletOf, withWallets, type KnownWallets } from './known-wallets.js';
import type { Route } from './route-store.js';
import {
  type AccountVersion,
  type CurrencyVersion,
  inForceAt,
  type NetworkVersion,
  nextBeginAfter,
  type Versioned,
} from './terms-versions.js';

interface AccountRows {
  readonly accountId: string;
  readonly requiresReference: boolean;
  readonly networks: readonly NetworkVersion[];
  readonly currencies: readonly CurrencyVersion[];
  readonly own: readonly AccountVersion[];
  readonly routes: ReadonlyMap<Asset, Route>;
  readonly wallets: KnownWallets;
}

interface ListedCurrency {
  readonly currency: string;
  readonly network: string;
  readonly name: string;
  readonly contractAddress: string | null;
  readonly terms: WithdrawalTerms;
}

export interface ListedCatalogue extends Catalogue {
  readonly currencies: readonly ListedCurrency[];
  /** Address paying the account on the network; null without one, or without the network. */
  hotWallet(network: string): string | null;
}

export class AccountCatalogue {
  private made: {
    readonly from: number;
    readonly until: number;
    catalogue: ListedCatalogue;
  } | null = null;

  constructor(
    private readonly rows: AccountRows,
    private readonly lowered: LoweredCeilings,
  ) {}

  /** Catalogue by the terms in force at `now`; the same object until other terms begin. */
  at(now: Date): ListedCatalogue {
    const ms = now.getTime();
    if (this.made !== null && this.made.from <= ms && ms < this.made.until)
      return this.made.catalogue;
    const { networks, currencies, own } = this.rows;
    const until = nextBeginAfter([...networks, ...currencies, ...own], now);
    const catalogue = catalogueAt(this.rows, now, this.lowered);
    this.made = { from: ms, until, catalogue };
    return catalogue;
  }
}

function catalogueAt(
  { accountId, requiresReference, networks, currencies, own, routes, wallets }: AccountRows,
  now: Date,
  lowered: LoweredCeilings,
): ListedCatalogue {
  const families = new Map(
    activeAt(networks, ({ network }) => network, now).map((one) => [one.network, one.family]),
  );
  const active = activeAt(currencies, assetOfRow, now);
  const ownNow = new Map(currentOf(own, assetOfRow, now).map((one) => [assetOfRow(one), one]));
  const listed = active.map((row): ListedCurrency => {
    const asset = assetOfRow(row);
    const venues = withWallets(routes.get(asset)?.venues ?? [], wallets, {
      accountId,
      network: row.network,
    });
    const terms = termsOf(row, ownNow.get(asset), venues);
    const ceiling = ceilingOf(row.currency, lowered, row.unitWorthEur)?.call ?? '0';
    const { currency, network, name, contractAddress } = row;
    return { currency, network, name, contractAddress, terms: belowCeiling(terms, asset, ceiling) };
  });
  const termsByAsset = new Map(listed.map((one) => [assetOfRow(one), one.terms]));
  const symbols = new Set(active.map(({ currency }) => currency));
  const contracts = [
    ...active.flatMap(({ contractAddress }) => contractAddress ?? []),
    ...wallets.tokens.map(({ address }) => address),
  ];
  return {
    requiresReference,
    currencies: listed,
    hasNetwork: (network) => families.has(network),
    hasCurrency: (currency) => symbols.has(currency),
    terms: (currency, network) => termsByAsset.get(`${currency}.${network}`) ?? null,
    isAddress: (address, network) => {
      const family = families.get(network);
      return family !== undefined && canonicalIn(family, address).ok;
    },
    addressHint: (address, network) => addressHint(families.get(network) ?? 'bank', address),
    isLost: (address, network) => {
      const family = families.get(network);
      if (family === undefined) return false;
      return (
        isLostIn(family, address) || contracts.some((one) => isSameAddressIn(family, one, address))
      );
    },
    // A private key has the same address on every chain of a family.
    isOurs: (address, network) => {
      const family = families.get(network);
      return (
        family !== undefined &&
        wallets.wallets.some((one) => isSameAddressIn(family, one.address, address))
      );
    },
    memoFault: (memo, network) => memoFaultIn(families.get(network) ?? 'other', memo),
    hotWallet: (network) =>
      listed.some((one) => one.network === network && one.terms.enabled)
        ? hotWalletOf(wallets, accountId, network)
        : null,
  };
}

/** The version in force of each subject. */
function currentOf<V extends Versioned>(
  versions: readonly V[],
  subject: (version: V) => string,
  now: Date,
): V[] {
  const bySubject = Map.groupBy(versions, subject);
  return [...bySubject.values()].flatMap((ofOne) => inForceAt(ofOne, now) ?? []);
}

function activeAt<V extends Versioned & { readonly active: boolean }>(
  versions: readonly V[],
  subject: (version: V) => string,
  now: Date,
): V[] {
  return currentOf(versions, subject, now).filter(({ active }) => active);
}

function assetOfRow({ currency, network }: { currency: string; network: string }): Asset {
  return assetOf(currency, network);
}

/**
 * Limits each venue's maximum to the connector's ceiling: a person must release a larger amount.
 */
function belowCeiling(terms: WithdrawalTerms, asset: Asset, ceiling: string): WithdrawalTerms {
  const isLower = (maximum: string) =>
    Amount.of(maximum, asset).lessThan(Amount.of(ceiling, asset));
  const venues = terms.venues.map((venue) =>
    venue.maximum !== null && isLower(venue.maximum) ? venue : { ...venue, maximum: ceiling },
  );
  return { ...terms, venues };
}

/** The account's terms precede the currency's terms; its fee precedes a venue's fee. */
function termsOf(
  currency: CurrencyVersion,
  own: AccountVersion | undefined,
  venues: readonly Venue[],
): WithdrawalTerms {
  const { withdrawalFeeFlat: ownFlat = null, withdrawalFeePercent: ownPercent = null } = own ?? {};
  const priced = (venue: Venue): Venue => ({
    ...venue,
    feeFlat: ownFlat ?? venue.feeFlat,
    feePercent: ownPercent ?? venue.feePercent,
  });
  return {
    decimals: currency.decimals,
    enabled: own?.withdrawalEnabled ?? currency.openToAll,
    minimum: own?.minWithdrawalAmount ?? currency.minWithdrawalAmount,
    flat: ownFlat ?? currency.withdrawalFeeFlat,
    percent: ownPercent ?? currency.withdrawalFeePercent,
    venues: venues.map(priced),
  };
}
