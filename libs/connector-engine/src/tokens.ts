import { Inject } from '@nestjs/common';

/** The venue behind the port (`VenueAdapter`). */
export const VENUE_ADAPTER = Symbol('VenueAdapter');
/** What the venue can do, by our settings (`VenueCapabilities`). */
export const VENUE_CAPABILITIES = Symbol('VenueCapabilities');
/** How events of what has ended leave (`Endings`), where a venue does not publish them at once. */
export const VENUE_ENDINGS = Symbol('VenueEndings');
export const VENUE_START_CHECK = Symbol('VenueStartCheck');
/** Who holds this process's leases: a restarted process is another owner. */
export const OWNER = Symbol('Owner');
/** The loops that ask the venue; they run from the start-up check on. */
export const VENUE_LOOPS = Symbol('VenueLoops');

export const InjectVenueAdapter = (): ParameterDecorator => Inject(VENUE_ADAPTER);
export const InjectCapabilities = (): ParameterDecorator => Inject(VENUE_CAPABILITIES);
export const InjectStartCheck = (): ParameterDecorator => Inject(VENUE_START_CHECK);
export const InjectOwner = (): ParameterDecorator => Inject(OWNER);

/** What a venue says of our key. Everything in it is a word of the venue's own. */
export type KeyRights =
  | {
      kind: 'rights';
      /** Without these it cannot pay, or not find again what it has paid. */
      lacks: readonly string[];
      /** What it may beside. */
      surplus: readonly string[];
      /** May be used from any address; null where the venue does not tell. */
      isOpenToAll: boolean | null;
      /** When it ends by itself; null: never, or the venue does not tell. */
      endsAt: Date | null;
      /** What the venue does not tell, as a sentence; null where it tells all. */
      untold: string | null;
    }
  | { kind: 'unavailable'; cause: string };

/** What is asked of a venue before anything is sent to it. */
export interface VenueStartCheck {
  /** Calls the venue's time endpoint, or another one without effect: every answer carries its time. */
  readClock(): Promise<unknown>;
  /** Checks what must hold before anything is sent, e.g. that the API key may read records. Answers the fault, or null. */
  fault(): Promise<string | null>;
  /** Asks the venue what our key may; where it has no such question, what else shows it. */
  keyRights(): Promise<KeyRights>;
}
