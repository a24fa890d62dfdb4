import { worthInEur, type Amount } from '@sluice/kernel';
import type { VenueCapabilities } from '@sluice/connector-rules';

/** Returns an amount in EUR, at the built-in price or the price stated for an added asset; null for an asset without a price. */
export function eurWorth(
  { added = [] }: Pick<VenueCapabilities, 'added'>,
  amount: Amount,
): Amount | null {
  const stated = added.find(({ asset }) => asset === amount.asset)?.unitWorthEur ?? null;
  return worthInEur(amount, stated);
}
