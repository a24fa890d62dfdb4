import type { ArmedFault } from './armed-fault.js';
import type { KeyFields } from './key-book.js';
import type { BookedPayment } from './payment.js';
import type { ClockSetting } from './venue-clock.js';

/** All changes of the simulator, each stored as a line of the log. Times are Unix milliseconds. */
export type SimulatedFact =
  | { readonly t: 'payment'; readonly payment: BookedPayment }
  | { readonly t: 'turned'; readonly id: string; readonly script: string; readonly at: number }
  | { readonly t: 'settings'; readonly patch: SettingsPatch; readonly at: number }
  | { readonly t: 'fault_armed'; readonly fault: ArmedFault }
  | { readonly t: 'fault_met'; readonly id: number; readonly fired: boolean }
  | { readonly t: 'faults_cleared' }
  /** Facts kept by a reset: added keys, and the last short id. */
  | { readonly t: 'key_brought'; readonly key: KeyFields }
  | { readonly t: 'key_dropped'; readonly name: string }
  | { readonly t: 'short_ids_used'; readonly last: number }
  | { readonly t: 'clock'; readonly clock: ClockSetting }
  | { readonly t: 'reset' };

/** A checked partial update of a venue's settings. */
export type SettingsPatch = Readonly<Record<string, unknown>>;

/** State built only from facts: replaying the log rebuilds the state. */
export interface FactKeeper {
  apply(fact: SimulatedFact): void;
}

/** Writes a fact to the log and passes the fact to every keeper. */
export type RecordFact = (fact: SimulatedFact) => void;
