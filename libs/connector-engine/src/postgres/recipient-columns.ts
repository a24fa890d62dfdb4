import { destinationKey, destinationOf, type WireDestination } from '@sluice/destination';
import { networkOf, type Asset } from '@sluice/money';

/** The columns of a submission that say who is paid, and on which chain. */
export interface RecipientColumns {
  asset: Asset;
  destination: WireDestination;
}

/** The same as the venue's records say it: only a payment to an address is on a chain. */
export function recipientOf({ asset, destination: wire }: RecipientColumns) {
  const destination = destinationOf(wire);
  return {
    network: destination.type === 'address' ? networkOf(asset) : null,
    destination: destinationKey(destination),
  };
}
