export {
  destinationKey,
  isSameDestination,
  type AddressDestination,
  type Destination,
  type ReferenceAccountDestination,
  type VenueAccountDestination,
} from './destination.js';
export { takesMemo } from './memos.js';
export { accountFault, accountKindsOf } from './venue-accounts.js';
export {
  DESTINATION_SCHEMA,
  DESTINATION_TYPES,
  destinationOf,
  parseDestination,
  wireDestination,
  type WireDestination,
} from './wire.js';
