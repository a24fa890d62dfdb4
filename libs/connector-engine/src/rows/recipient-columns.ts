import {
  type Asset,
  destinationKey,
  destinationOf,
  networkOf,
  type WireDestination,
} from '@sluice/kernel';

/** Columns of a submission with the recipient and the chain. */
export interface RecipientColumns {
  asset: Asset;
  destination: WireDestination;
}

/**
 * Returns the recipient in the notation of the venue's records: only a payment to an address is on
 * a chain.
 */
export function recipientOf({ asset, destination: wire }: RecipientColumns) {
  const destination = destinationOf(wire);
  return {
    network: destination.type === 'address' ? networkOf(asset) : null,
    destination: destinationKey(destination),
  };
}
