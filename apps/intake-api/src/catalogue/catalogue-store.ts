import { Injectable } from '@nestjs/common';
import { BUILT_IN_CEILINGS, type LoweredCeilings } from '@sluice/ceilings';
import { Amount, assetOf, type Asset } from '@sluice/money';
import { Database } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import type { Catalogue, Venue, WithdrawalTerms } from '@sluice/withdrawal-core';
import { AccountEntity } from '../accounts/account.entity.js';
import { lookUpCache } from '../look-up-cache.js';
import { AccountCurrencyEntity } from './account-currency.entity.js';
import { isAddressOf, isBurnAddress, isSameAddress } from './addresses.js';
import { CurrencyEntity } from './currency.entity.js';
import { NetworkEntity } from './network.entity.js';
import { findRoutes, type Route } from './route-store.js';

/** A currency that is in use, and as the account may use it. */
export interface ListedCurrency {
  readonly currency: string;
  readonly network: string;
  readonly name: string;
  readonly contractAddress: string | null;
  readonly terms: WithdrawalTerms;
}

/** The catalogue with the list of what is in it. */
export interface ListedCatalogue extends Catalogue {
  readonly currencies: readonly ListedCurrency[];
}

/** What each account may withdraw, on which terms and by which venues; held in memory until any instance changes it. */
@Injectable()
export class CatalogueStore {
  private readonly cache = lookUpCache((accountId) => this.load(accountId));

  constructor(
    private readonly database: Database,
    @InjectConfig() private readonly config: { readonly ceilings: LoweredCeilings },
  ) {}

  forAccount(accountId: string): Promise<ListedCatalogue> {
    return this.cache.forceFetch(accountId);
  }

  /** How many decimals a currency has on a network, active or not; null where there is no such currency. */
  async decimals(currency: string, network: string): Promise<number | null> {
    const row = await this.database
      .repository(CurrencyEntity)
      .findOne({ where: { currency, network } });
    return row?.decimals ?? null;
  }

  clear(): void {
    this.cache.clear();
  }

  private async load(accountId: string): Promise<ListedCatalogue> {
    const { database } = this;
    const [account, networks, currencies, own, routes] = await Promise.all([
      database.repository(AccountEntity).findOne({ where: { id: accountId } }),
      database.repository(NetworkEntity).find({ where: { active: true } }),
      database.repository(CurrencyEntity).find({ where: { active: true } }),
      database.repository(AccountCurrencyEntity).find({ where: { accountId } }),
      findRoutes(database),
    ]);
    const ownByAsset = new Map(own.map((row) => [assetOf(row.currency, row.network), row]));
    const listed = currencies.map((row): ListedCurrency => {
      const asset = assetOf(row.currency, row.network);
      const terms = termsOf(row, ownByAsset.get(asset), routes.get(asset));
      const { currency, network, name, contractAddress } = row;
      const bounded = belowCeiling(terms, asset, this.ceilingOf(currency));
      return { currency, network, name, contractAddress, terms: bounded };
    });
    const terms = new Map(
      listed.map((one) => [assetOf(one.currency, one.network), one.terms] as const),
    );
    const requiresReference = account?.requiresReference ?? false;
    return {
      requiresReference,
      currencies: listed,
      ...catalogueOf(networks, currencies, terms),
    };
  }

  /** The most that any venue is sent of it by one call. */
  private ceilingOf(currency: string): string | null {
    return this.config.ceilings[currency]?.call ?? BUILT_IN_CEILINGS[currency]?.call ?? null;
  }
}

/** No venue takes more than its connector would ever send: it would wait there for a person. */
function belowCeiling(
  terms: WithdrawalTerms,
  asset: Asset,
  ceiling: string | null,
): WithdrawalTerms {
  if (ceiling === null) return terms;
  const isLower = (maximum: string) =>
    Amount.of(maximum, asset).lessThan(Amount.of(ceiling, asset));
  const venues = terms.venues.map((venue) =>
    venue.maximum !== null && isLower(venue.maximum) ? venue : { ...venue, maximum: ceiling },
  );
  return { ...terms, venues };
}

function catalogueOf(
  networks: readonly NetworkEntity[],
  active: readonly CurrencyEntity[],
  terms: ReadonlyMap<string, WithdrawalTerms>,
): Omit<Catalogue, 'requiresReference'> {
  const families = new Map(networks.map((network) => [network.code, network.family]));
  const contracts = active.flatMap(({ contractAddress }) => contractAddress ?? []);
  const currencies = new Set(active.map((row) => row.currency));
  return {
    hasNetwork: (network) => families.has(network),
    hasCurrency: (currency) => currencies.has(currency),
    terms: (currency, network) => terms.get(`${currency}.${network}`) ?? null,
    isAddress: (address, network) => {
      const family = families.get(network);
      return family !== undefined && isAddressOf(family, address);
    },
    isLost: (address, network) => {
      const family = families.get(network);
      if (family === undefined) return false;
      return (
        isBurnAddress(family, address) ||
        contracts.some((one) => isSameAddress(family, one, address))
      );
    },
  };
}

/** The account's own terms come before those of the currency, and its price before that of a venue. */
function termsOf(
  currency: CurrencyEntity,
  own: AccountCurrencyEntity | undefined,
  route: Route | undefined,
): WithdrawalTerms {
  const { withdrawalFeeFlat: ownFlat = null, withdrawalFeePercent: ownPercent = null } = own ?? {};
  const priced = (venue: Venue): Venue => ({
    ...venue,
    feeFlat: ownFlat ?? venue.feeFlat,
    feePercent: ownPercent ?? venue.feePercent,
  });
  return {
    decimals: currency.decimals,
    enabled: own?.withdrawalEnabled ?? false,
    minimum: own?.minWithdrawalAmount ?? currency.minWithdrawalAmount,
    flat: ownFlat ?? currency.withdrawalFeeFlat,
    percent: ownPercent ?? currency.withdrawalFeePercent,
    venues: (route?.venues ?? []).map(priced),
  };
}
