import type { Tx } from '@sluice/postgres';
import { countForgedRecord, type RecordSeals } from '@sluice/service-shell';

/** Price of one unit of an asset in EUR, stated by people. */
export interface PriceRow {
  readonly asset: string;
  /** Decimal text. */
  readonly eur: string;
  readonly at: Date;
  readonly requested_by: string;
  /** Null: one person was enough. */
  readonly approved_by: string | null;
  readonly seal: string;
}

const PRICE_KIND = 'policy price';

export function sealPrice(seals: RecordSeals, row: Omit<PriceRow, 'seal'>): string {
  return seals.seal(PRICE_KIND, sealedFields(row));
}

/**
 * Returns the newest price of each asset, at most `maxAgeMinutes` old. An asset whose newest price
 * has no valid seal has no price.
 */
export async function recentPrices(
  source: Pick<Tx, 'query'>,
  seals: RecordSeals,
  maxAgeMinutes: number,
): Promise<Readonly<Record<string, string>>> {
  const rows = await source.query<PriceRow>(RECENT, [maxAgeMinutes]);
  const own = rows.filter((row) => seals.isSealed(PRICE_KIND, sealedFields(row), row.seal));
  if (own.length < rows.length) countForgedRecord('policy_price');
  return Object.fromEntries(own.map(({ asset, eur }) => [asset, eur]));
}

const RECENT = `
  SELECT DISTINCT ON (asset) asset, eur::text, at, requested_by, approved_by, seal FROM policy_price
   WHERE at > clock_timestamp() - make_interval(mins => $1) ORDER BY asset, at DESC`;

function sealedFields(row: Omit<PriceRow, 'seal'>): readonly (string | null)[] {
  const { asset, eur, at, requested_by: by, approved_by: approvedBy } = row;
  return [asset, eur, at.toISOString(), by, approvedBy];
}
