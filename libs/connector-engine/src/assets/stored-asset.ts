import type { AddedAsset } from '@sluice/connector-rules';
import type { Tx } from '@sluice/postgres';

/** How often each instance looks at what was added. */
export const LOOK_EVERY_MS = 5_000;
/** By then every instance has looked, with two looks to spare. */
const KNOWN_WITHIN_MS = 3 * LOOK_EVERY_MS;

/** The newest version of an asset, and who has said so. */
export interface StoredAsset extends AddedAsset {
  /** As it was said; it is payable a while after it was first added. */
  readonly active: boolean;
  readonly version: number;
  readonly recordedAt: Date;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/**
 * Of each asset that was ever added the newest version, by name. It is payable once every instance has looked: one that did not know its
 * name would take the record of a payment for that of something else.
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
