import { BUILT_IN_CEILINGS, type Ceiling, type LoweredCeilings } from '@sluice/ceilings';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { currencyOf, type Asset } from '@sluice/money';
import type { Database } from '@sluice/postgres';

/** What this connector sends at most of each asset that its venue pays. */
export class Ceilings {
  readonly byAsset: Readonly<Record<Asset, Ceiling>>;

  /** Throws for an asset without a built-in ceiling: a release that pays it has to name one. */
  constructor({ forms }: Pick<VenueCapabilities, 'forms'>, lowered: LoweredCeilings) {
    const assets = new Set(forms.flatMap((form) => form.assets));
    this.byAsset = Object.fromEntries(
      [...assets].map((asset) => {
        const builtIn = BUILT_IN_CEILINGS[currencyOf(asset)];
        if (!builtIn)
          throw new Error(`there is no ceiling for ${asset}: nothing of it is ever sent`);
        return [asset, { ...builtIn, ...lowered[currencyOf(asset)] }];
      }),
    );
  }

  /** The counters of all instances; one that is there stays as it is. */
  async install(database: Pick<Database, 'query'>): Promise<void> {
    await database.query(
      'INSERT INTO sent_total (asset) SELECT unnest($1::text[]) ORDER BY 1 ON CONFLICT DO NOTHING',
      [Object.keys(this.byAsset)],
    );
  }
}
