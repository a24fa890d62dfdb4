import type { HaltDto } from '@sluice/http-api';
import { isConnector, venueOf } from '../../../api/services.js';

/** Filter of withdrawals, as the list and its address have it. */
interface HaltedFilter {
  readonly account_id?: string;
  readonly venue?: string;
  readonly currency?: string;
  readonly network?: string;
}

/** Filter of the withdrawals that a halt can hold back. */
export function haltedFilter(
  service: string,
  { scope, target }: Pick<HaltDto, 'scope' | 'target'>,
): HaltedFilter {
  const venue = isConnector(service) ? { venue: venueOf(service) } : {};
  if (target === null) return venue;
  if (scope === 'venue') return { venue: target };
  if (scope === 'account') return { ...venue, account_id: target };
  const [currency = '', network] = target.split('.');
  return scope === 'asset' ? { ...venue, currency, ...(network && { network }) } : venue;
}
