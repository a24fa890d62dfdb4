import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import type { Catalogue, Venue, WithdrawalTerms } from '@sluice/withdrawal-core';
import { isAddressOf, type ChainFamily } from './addresses.js';
import { VENUE_JSON } from './route-store.js';
import { TtlCache } from '../ttl-cache.js';

interface NetworkRow {
  code: string;
  family: ChainFamily;
}

interface TermsRow {
  currency: string;
  network: string;
  decimals: number;
  enabled: boolean;
  minimum: string;
  flat: string;
  percent: string;
  /** The account's own price, which comes before that of a venue. */
  own_flat: string | null;
  own_percent: string | null;
  venues: Venue[];
}

/** What each account may withdraw, on which terms and by which venues; held in memory until any instance changes it. */
@Injectable()
export class CatalogueStore {
  private readonly cache = new TtlCache((accountId) => this.load(accountId));

  constructor(private readonly database: Database) {}

  forAccount(accountId: string): Promise<Catalogue> {
    return this.cache.get(accountId);
  }

  /** Whether there is such a currency on such a network, active or not. */
  async has(currency: string, network: string): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT FROM currency WHERE (currency, network) = ($1, $2)',
      [currency, network],
    );
    return rows.length > 0;
  }

  clear(): void {
    this.cache.clear();
  }

  private async load(accountId: string): Promise<Catalogue> {
    const [networks, terms] = await Promise.all([
      this.database.query<NetworkRow>('SELECT code, family FROM network WHERE active'),
      this.database.query<TermsRow>(
        `SELECT c.currency, c.network, c.decimals, coalesce(a.withdrawal_enabled, false) AS enabled,
                coalesce(a.min_withdrawal_amount, c.min_withdrawal_amount)::text AS minimum,
                coalesce(a.withdrawal_fee_flat, c.withdrawal_fee_flat)::text AS flat,
                coalesce(a.withdrawal_fee_percent, c.withdrawal_fee_percent)::text AS percent,
                a.withdrawal_fee_flat::text AS own_flat, a.withdrawal_fee_percent::text AS own_percent,
                (SELECT coalesce(json_agg(${VENUE_JSON} ORDER BY r.position), '[]')
                   FROM route r WHERE (r.currency, r.network) = (c.currency, c.network)) AS venues
           FROM currency c LEFT JOIN account_currency a ON a.account_id = $1 AND (a.currency, a.network) = (c.currency, c.network)
          WHERE c.active`,
        [accountId],
      ),
    ]);
    return catalogueOf(networks, terms);
  }
}

function catalogueOf(networks: readonly NetworkRow[], rows: readonly TermsRow[]): Catalogue {
  const families = new Map(networks.map((network) => [network.code, network.family]));
  const currencies = new Set(rows.map((row) => row.currency));
  const terms = new Map<string, WithdrawalTerms>(
    rows.map((row) => [
      `${row.currency}.${row.network}`,
      { ...row, venues: row.venues.map((venue) => pricedFor(row, venue)) },
    ]),
  );
  return {
    hasNetwork: (network) => families.has(network),
    hasCurrency: (currency) => currencies.has(currency),
    terms: (currency, network) => terms.get(`${currency}.${network}`) ?? null,
    isAddress: (address, network) => {
      const family = families.get(network);
      return family !== undefined && isAddressOf(family, address);
    },
  };
}

function pricedFor({ own_flat: flat, own_percent: percent }: TermsRow, venue: Venue): Venue {
  return { ...venue, feeFlat: flat ?? venue.feeFlat, feePercent: percent ?? venue.feePercent };
}
