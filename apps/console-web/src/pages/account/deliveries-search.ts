import type { DeliveryListQuery } from '@sluice/http-api';
import type { SearchText } from '../../format/search-text.js';

const STATUSES = ['pending', 'delivered', 'failed'] as const;

/** Filter of deliveries in the address; an unknown status is left out. */
export function deliveriesQuery({ status, cursor }: SearchText): DeliveryListQuery {
  const known = STATUSES.find((one) => one === status);
  return {
    ...(known !== undefined && { status: known }),
    ...(cursor !== undefined && { cursor }),
  };
}
