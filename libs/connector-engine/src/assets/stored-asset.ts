import type { AddedAsset } from '@sluice/connector-rules';
import type { Tx } from '@sluice/postgres';

/** Interval between two loads of the added assets by an instance. */
export const LOOK_EVERY_MS = 5_000;
/** Time until every instance has loaded a new asset: three intervals, two of them spare. */
const KNOWN_WITHIN_MS = 3 * LOOK_EVERY_MS;

/** The newest version of an asset, with requester and approver. */
export interface StoredAsset extends AddedAsset {
  /** The stored setting. The asset becomes payable some time after the first version. */
  readonly active: boolean;
  readonly version: number;
  readonly recordedAt: Date;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/**
 * Returns the newest version of each asset ever added, by name. An asset is payable once every
 * instance has loaded it. An instance without the name would attribute the record of a payment to
 * another asset.
 */
export function addedAssets(source: Pick<Tx, 'query'>): Promise<StoredAsset[]> {
  return source.query<StoredAsset>(
    `SELECT DISTINCT ON (asset) asset, version, code, active, unit_worth_eur AS "unitWorthEur", recorded_at AS "recordedAt",
            requested_by AS "requestedBy", approved_by AS "approvedBy",
            active AND min(recorded_at) OVER (PARTITION BY asset) <= clock_timestamp() - $1 * interval '1 millisecond' AS payable
       FROM venue_asset ORDER BY asset, version DESC`,
    [KNOWN_WITHIN_MS],
  );
}
