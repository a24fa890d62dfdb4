import { Injectable } from '@nestjs/common';
import type { LoweredCeilings } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import { AccountEntity } from '../accounts/account.entity.js';
import { lookUpCache } from '../instances/look-up-cache.js';
import { AccountCatalogue, type ListedCatalogue } from './account-catalogue.js';
import { findWallets } from './known-wallets.js';
import { findRoutes } from './route-store.js';
import { accountVersions, currencyVersions, inForceAt, networkVersions } from './terms-versions.js';

/** Withdrawal options, terms and venues per account, cached until any instance changes them. */
@Injectable()
export class CatalogueStore {
  private readonly cache = lookUpCache((accountId) => this.load(accountId));

  constructor(
    private readonly database: Database,
    @InjectConfig() private readonly config: { readonly ceilings: LoweredCeilings },
  ) {}

  async forAccount(accountId: string): Promise<ListedCatalogue> {
    const catalogue = await this.cache.forceFetch(accountId);
    return catalogue.at(this.database.clock.now());
  }

  /** Decimals of a currency on a network, active or not; null for an unknown currency. */
  async decimals(currency: string, network: string): Promise<number | null> {
    const rows = await currencyVersions(this.database, 'current');
    const versions = rows.filter((row) => row.currency === currency && row.network === network);
    return inForceAt(versions, this.database.clock.now())?.decimals ?? null;
  }

  clear(): void {
    this.cache.clear();
  }

  private async load(accountId: string): Promise<AccountCatalogue> {
    const { database } = this;
    const [account, networks, currencies, own, routes, wallets] = await Promise.all([
      database.repository(AccountEntity).findOne({ where: { id: accountId } }),
      networkVersions(database, 'current'),
      currencyVersions(database, 'current'),
      accountVersions(database, accountId, 'current'),
      findRoutes(database),
      findWallets(database),
    ]);
    const requiresReference = account?.requiresReference ?? false;
    return new AccountCatalogue(
      { accountId, requiresReference, networks, currencies, own, routes, wallets },
      this.config.ceilings,
    );
  }
}
