import type { Random } from '../system/random.js';
import type { Fault, FaultGroup } from './fault.js';

/** Start of the fault in the schedule, and remaining time of the schedule. */
export interface Moment {
  readonly atMs: number;
  readonly leftMs: number;
}

/**
 * A kind of fault, for venue faults at a particular venue. Details are drawn when the card is
 * dealt.
 */
export interface Card {
  readonly kind: string;
  readonly group: FaultGroup;
  /** Relative frequency after every card was dealt once. */
  readonly weight: number;
  /** Minimum remaining time of the schedule when the fault begins. */
  readonly needsMs?: number;
  draw(random: Random, moment: Moment): Fault;
}
