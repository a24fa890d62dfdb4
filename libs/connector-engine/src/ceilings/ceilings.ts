import {
  type Asset,
  type Ceiling,
  ceilingOf,
  currencyOf,
  type LoweredCeilings,
} from '@sluice/kernel';
import type { VenueCapabilities } from '@sluice/connector-rules';
import type { Database } from '@sluice/postgres';

type Payable = Pick<VenueCapabilities, 'forms' | 'added' | 'unitWorthsEur'>;
type ByAsset = Readonly<Record<Asset, Ceiling>>;

/** Maximum amounts sent by this connector, by asset. */
export class Ceilings {
  private known: { readonly added: Payable['added']; readonly byAsset: ByAsset };

  /**
   * Throws for an asset without a ceiling. The release must define a ceiling for the asset, or the
   * person adding the asset must state its value.
   */
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

  /** Creates the counters shared by all instances; existing counters are unchanged. */
  async install(database: Pick<Database, 'query'>, venue: Payable = this.venue): Promise<void> {
    await database.query(
      'INSERT INTO sent_total (asset) SELECT unnest($1::text[]) ORDER BY 1 ON CONFLICT DO NOTHING',
      [[...assetsOf(venue)]],
    );
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
