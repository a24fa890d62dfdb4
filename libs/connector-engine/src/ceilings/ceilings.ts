import type { VenueCapabilities } from '@sluice/connector-rules';
import {
  type Amount,
  type Asset,
  type Ceiling,
  ceilingOf,
  currencyOf,
  type LoweredCeilings,
  worthInEur,
} from '@sluice/kernel';

type Payable = Pick<VenueCapabilities, 'forms' | 'added' | 'unitWorthsEur'>;
type ByAsset = Readonly<Record<Asset, Ceiling>>;

export class Ceilings {
  private known: { readonly added: Payable['added']; readonly byAsset: ByAsset };

  /** Throws for an asset without a ceiling: the release or the adding person must define one. */
  constructor(
    private readonly venue: Payable,
    private readonly lowered: LoweredCeilings,
  ) {
    this.known = { added: venue.added, byAsset: ceilingsOf(venue, lowered) };
  }

  get byAsset(): ByAsset {
    const { added } = this.venue;
    if (added !== this.known.added)
      this.known = { added, byAsset: ceilingsOf(this.venue, this.lowered) };
    return this.known.byAsset;
  }
}

function ceilingsOf(venue: Payable, lowered: LoweredCeilings): ByAsset {
  const worth = new Map<string, string | null>([
    ...Object.entries(venue.unitWorthsEur ?? {}),
    ...(venue.added ?? []).map((one) => [one.asset, one.unitWorthEur] as const),
  ]);
  return Object.fromEntries(
    [...assetsOf(venue)].map((asset) => {
      const ceiling = ceilingOf(currencyOf(asset), lowered, worth.get(asset) ?? null);
      if (ceiling === null)
        throw new Error(`there is no ceiling for ${asset}: nothing of it is ever sent`);
      return [asset, ceiling];
    }),
  );
}

/** Includes deactivated assets: existing orders of them are still paid. */
function assetsOf({ forms, added = [] }: Payable): ReadonlySet<Asset> {
  return new Set([...forms.flatMap((form) => form.assets), ...added.map(({ asset }) => asset)]);
}

/** Returns an amount in EUR, at the built-in price or the price stated for an added asset; null for an asset without a price. */
export function eurWorth(
  { added = [] }: Pick<VenueCapabilities, 'added'>,
  amount: Amount,
): Amount | null {
  const stated = added.find(({ asset }) => asset === amount.asset)?.unitWorthEur ?? null;
  return worthInEur(amount, stated);
}

/** Sums of an asset by UTC hour and day, from a row of `sending`. Null columns for a new asset. */
export const sumsOf = (rowSql: string, assetSql: string): string =>
  `jsonb_to_record(coalesce(${rowSql}.sums -> ${assetSql}, '{}')) AS c (hour timestamptz, hour_amount numeric, day timestamptz, day_amount numeric)`;

/** Sums now, alias `c`. A stored start never moves back, so no clock lowers a sum. */
export const SENT_THIS_HOUR =
  "CASE WHEN c.hour > clock_timestamp() - interval '1 hour' THEN c.hour_amount ELSE 0 END";
export const SENT_TODAY =
  "CASE WHEN c.day > clock_timestamp() - interval '24 hours' THEN c.day_amount ELSE 0 END";

/** Sums of the locked row after the amounts of `countedSql` (asset, gross) are sent. */
export const newSumsSql = (countedSql: string): string => `
  SELECT jsonb_object_agg(g.asset, jsonb_build_object(
           'hour', greatest(c.hour, date_trunc('hour', clock_timestamp(), 'UTC')), 'hour_amount', ${SENT_THIS_HOUR} + g.gross,
           'day', greatest(c.day, date_trunc('day', clock_timestamp(), 'UTC')), 'day_amount', ${SENT_TODAY} + g.gross))
    FROM (SELECT asset, sum(gross) AS gross FROM ${countedSql} GROUP BY asset) g CROSS JOIN locked CROSS JOIN LATERAL ${sumsOf('locked', 'g.asset')}`;
