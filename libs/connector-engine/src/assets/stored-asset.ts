import type { AddedAsset } from '@sluice/connector-rules';
import type { Tx } from '@sluice/postgres';

/** The newest version of an asset, and who has said so. */
export interface StoredAsset extends AddedAsset {
  readonly version: number;
  readonly recordedAt: Date;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** Of each asset that was ever added the newest version, by name. */
export function addedAssets(source: Pick<Tx, 'query'>): Promise<StoredAsset[]> {
  return source.query<StoredAsset>(
    `SELECT DISTINCT ON (asset) asset, version, code, active, unit_worth_eur AS "unitWorthEur", recorded_at AS "recordedAt",
            requested_by AS "requestedBy", approved_by AS "approvedBy"
       FROM venue_asset ORDER BY asset, version DESC`,
  );
}
