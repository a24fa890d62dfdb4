import { canonicalAddress } from '../networks/networks.js';
import type { Destination } from './destination.js';

/**
 * Returns the one spelling of a recipient: equal recipients are equal in every field. A malformed
 * recipient is returned as given, for the rules to refuse.
 */
export function canonicalDestination(network: string, destination: Destination): Destination {
  switch (destination.type) {
    case 'address': {
      const canonical = canonicalAddress(network, destination.address);
      return canonical.ok ? { ...destination, address: canonical.value } : destination;
    }
    case 'reference_account':
      return {
        ...destination,
        userId: destination.userId.toLowerCase(),
        accountGroupId: destination.accountGroupId.toLowerCase(),
        referenceAccountId: destination.referenceAccountId.toLowerCase(),
      };
    case 'venue_account':
      return destination;
  }
}
