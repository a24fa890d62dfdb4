import { Inject } from '@nestjs/common';

/** The venue behind the port (`VenueAdapter`). */
export const VENUE_ADAPTER = Symbol('VenueAdapter');
/** Capabilities of the venue with our settings (`VenueCapabilities`). */
export const VENUE_CAPABILITIES = Symbol('VenueCapabilities');
/** Publication of end events (`Endings`), if a venue does not publish them at once. */
export const VENUE_ENDINGS = Symbol('VenueEndings');
export const VENUE_START_CHECK = Symbol('VenueStartCheck');
/** Owner of this process's leases: a restarted process is a new owner. */
export const OWNER = Symbol('Owner');
/** Loops that run also while the start-up check fails (`BackgroundLoop[]`). */
export const ENGINE_LOOPS = Symbol('EngineLoops');
/** Loops with queries to the venue; they run from the start-up check on. */
export const VENUE_LOOPS = Symbol('VenueLoops');

export const InjectVenueAdapter = (): ParameterDecorator => Inject(VENUE_ADAPTER);
export const InjectCapabilities = (): ParameterDecorator => Inject(VENUE_CAPABILITIES);
export const InjectStartCheck = (): ParameterDecorator => Inject(VENUE_START_CHECK);
export const InjectOwner = (): ParameterDecorator => Inject(OWNER);

/** Rights of our key as reported by the venue, in the venue's own terms. */
export type KeyRights =
  | {
      kind: 'rights';
      /** Missing rights: without them the connector cannot pay, or cannot find payments again. */
      lacks: readonly string[];
      /** Surplus rights, not needed by the connector. */
      surplus: readonly string[];
      /** May be used from any address; null where the venue does not tell. */
      isOpenToAll: boolean | null;
      /** Expiry of the key; null: never, or not reported by the venue. */
      endsAt: Date | null;
      /** Unreported facts, as a sentence; null if the venue reports all. */
      untold: string | null;
    }
  | { kind: 'unavailable'; cause: string };

/** Queries to a venue before the first send. */
export interface VenueStartCheck {
  /** Calls the venue's time endpoint, or any endpoint without effect. */
  readClock(): Promise<unknown>;
  /** Checks the preconditions of sending. Returns the fault, or null. */
  fault(): Promise<string | null>;
  /** Queries the rights of our key, or derives them from other calls. */
  keyRights(): Promise<KeyRights>;
}
