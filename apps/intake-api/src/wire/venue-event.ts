import type { Message, VenueEvents, WalletEventsTopic } from '@sluice/messages';

export type VenueEvent = Message<VenueEvents | WalletEventsTopic>;

/** Stores the events of one type; events of other types are ignored. */
export interface VenueEventKeeper {
  take(batch: readonly VenueEvent[]): Promise<void>;
}

/** Keepers in the order of their calls (`VenueEventKeeper[]`). */
export const VENUE_EVENT_KEEPERS = Symbol('VenueEventKeepers');

export function eventsOf<T extends VenueEvent['type']>(
  batch: readonly VenueEvent[],
  type: T,
): Extract<VenueEvent, { type: T }>[] {
  return batch.filter((event): event is Extract<VenueEvent, { type: T }> => event.type === type);
}
