import { ceilingOf, type Ceiling, type LoweredCeilings } from '@sluice/ceilings';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { currencyOf, type Asset } from '@sluice/money';
import type { Database } from '@sluice/postgres';

type Payable = Pick<VenueCapabilities, 'forms' | 'added' | 'unitWorthsEur'>;
type ByAsset = Readonly<Record<Asset, Ceiling>>;

/** What this connector sends at most of each asset that its venue pays. */
export class Ceilings {
  private known: { readonly added: Payable['added']; readonly byAsset: ByAsset };

  /** Throws for an asset without a ceiling: a release that pays it has to name one, or whoever adds it has to say what it is worth. */
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

  /** The counters of all instances; one that is there stays as it is. */
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

/** Also those that were taken away: what was ordered of them is still paid. */
function assetsOf({ forms, added = [] }: Payable): ReadonlySet<Asset> {
  return new Set([...forms.flatMap((form) => form.assets), ...added.map(({ asset }) => asset)]);
}
