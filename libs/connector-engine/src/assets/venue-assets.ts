import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { AddedAsset, FormCapabilities, VenueCapabilities } from '@sluice/connector-rules';
import { Database, type Tx } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { RatePlan } from '../rate/rate-plan.js';

/** Assets paid by the venue at this moment: built-in assets and assets added since. */
export class VenueAssets {
  private added: readonly AddedAsset[] = [];
  /** Live view: assets added later appear in the same object. */
  readonly capabilities: VenueCapabilities;

  constructor(readonly builtIn: VenueCapabilities) {
    this.capabilities = withAdded(builtIn, () => this.added);
  }

  get all(): readonly AddedAsset[] {
    return this.added;
  }

  replace(added: readonly AddedAsset[]): void {
    this.added = added;
  }
}

/** Returns capabilities with a live view: every read calls `added`. */
function withAdded(
  builtIn: VenueCapabilities,
  added: () => readonly AddedAsset[],
): VenueCapabilities {
  return {
    ...builtIn,
    forms: builtIn.forms.map((form) => formWithAdded(form, added)),
    get added() {
      return added();
    },
  };
}

/** A bank account is paid only in the currency of the rail: no asset can be added to the form. */
function formWithAdded(
  form: FormCapabilities,
  added: () => readonly AddedAsset[],
): FormCapabilities {
  if (form.destination === 'reference_account') return form;
  return {
    ...form,
    get assets() {
      const payable = added().filter((one) => one.payable);
      return payable.length === 0
        ? form.assets
        : [...new Set([...form.assets, ...payable.map(({ asset }) => asset)])];
    },
  };
}

@Injectable()
export class AssetRefresh {
  readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly assets: VenueAssets,
    private readonly ratePlan: RatePlan,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loop = BackgroundLoop.every(LOOK_EVERY_MS, 'check added assets', logger, () =>
      this.look(),
    );
  }

  /** Publishes an asset only after its lanes exist: without them it has no limit. */
  async look(): Promise<void> {
    const added = await addedAssets(this.database);
    if (isDeepStrictEqual(added, this.assets.all)) return;
    const next = withAdded(this.assets.builtIn, () => added);
    await this.ratePlan.addLanes(next);
    this.assets.replace(added);
    this.logger.info(
      { assets: added.filter(({ payable }) => payable).map(({ asset }) => asset) },
      'the list of assets of the venue has changed',
    );
  }
}

/** Interval between two loads of the added assets by an instance. */
const LOOK_EVERY_MS = 5_000;
/** Time until every instance has loaded a new asset: three intervals, two of them spare. */
const KNOWN_WITHIN_MS = 3 * LOOK_EVERY_MS;

export interface StoredAsset extends AddedAsset {
  /** The stored setting. The asset becomes payable some time after the first version. */
  readonly active: boolean;
  readonly version: number;
  readonly recordedAt: Date;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** Returns the newest version of each added asset. It is payable once every instance has loaded it. */
export function addedAssets(source: Pick<Tx, 'query'>): Promise<StoredAsset[]> {
  return source.query<StoredAsset>(
    `SELECT DISTINCT ON (asset) asset, version, code, active, unit_worth_eur AS "unitWorthEur", recorded_at AS "recordedAt",
            requested_by AS "requestedBy", approved_by AS "approvedBy",
            active AND min(recorded_at) OVER (PARTITION BY asset) <= clock_timestamp() - $1 * interval '1 millisecond' AS payable
       FROM venue_asset ORDER BY asset, version DESC`,
    [KNOWN_WITHIN_MS],
  );
}

/** The venue's naming rules for assets added at run time. */
export interface AssetNames {
  /** Reason why the venue cannot use this name for the asset; null if possible. */
  codeFault(asset: Pick<AddedAsset, 'asset' | 'code'>, added: readonly AddedAsset[]): string | null;
}

/** Injection token of `AssetNames`; null if the venue's assets change only with a release. */
export const ASSET_NAMES = Symbol('AssetNames');
