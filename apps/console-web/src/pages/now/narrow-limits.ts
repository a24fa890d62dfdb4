import type { VenueDto } from '@sluice/http-api';
import { compareAmounts, compareShares } from '../../format/amount.js';

type VenueLimit = VenueDto['limits'][number];

/**
 * Returns the limits in use, the most used first: for each asset with payments in the hour or the
 * day, the span with the least remaining share.
 */
export function narrowLimits(limits: readonly VenueLimit[]): readonly VenueLimit[] {
  const used = limits.filter(({ sent }) => sent !== null && compareAmounts(sent, '0') > 0);
  const sorted = used.toSorted((one, other) =>
    compareShares([one.remaining, one.limit], [other.remaining, other.limit]),
  );
  return [...Map.groupBy(sorted, ({ asset }) => asset).values()].flatMap((ours) =>
    ours.slice(0, 1),
  );
}
