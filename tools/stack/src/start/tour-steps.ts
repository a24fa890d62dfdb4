import { SIMULATED_NAMES, simulatedOf, type SimulatedName } from '../tables/venues.js';
import type { DemoWithdrawal, VenueDemo } from '../tables/venues/venue.js';
import type { Wanted } from './demo-driver.js';

/** A withdrawal of the tour at a simulated venue. */
export interface TourStep {
  readonly venue: SimulatedName;
  readonly wanted: Wanted;
}

export interface CancelledStep extends TourStep {
  /** The simulator keeps the payment in this status during the cancel. */
  readonly lingersIn: string;
}

interface TourSteps {
  readonly paid: readonly TourStep[];
  readonly cancelled: readonly CancelledStep[];
  readonly refused: readonly TourStep[];
  /** Number of the next free label. */
  readonly next: number;
}

/** Number of the first label: the two main withdrawals have the labels before. */
const FIRST_LABEL = 3;

/**
 * Returns the withdrawals of the simulated venues, labelled in this order: paid, cancelled, refused.
 * The tour shows one cancel and one fail-over.
 */
export function stepsOf(reference: string): TourSteps {
  const paid = planned((demo) => demo.paid).map(({ venue, withdrawal }, index) =>
    stepOf(venue, withdrawal, FIRST_LABEL + index, `tour-${venue}-${reference}`),
  );
  const afterPaid = FIRST_LABEL + paid.length;
  const cancelled = planned((demo) => demo.cancelled)
    .slice(0, 1)
    .map(({ venue, withdrawal }) => ({
      ...stepOf(venue, withdrawal, afterPaid, `tour-cancel-${reference}`),
      lingersIn: withdrawal.lingersIn,
    }));
  const afterCancelled = afterPaid + cancelled.length;
  const refused = planned((demo) => demo.refused)
    .slice(0, 1)
    .map(({ venue, withdrawal }) =>
      stepOf(venue, withdrawal, afterCancelled, `tour-failover-${reference}`),
    );
  return { paid, cancelled, refused, next: afterCancelled + refused.length };
}

/** Withdrawals of a kind, in the order of the venues. */
function planned<W extends DemoWithdrawal>(
  choose: (demo: VenueDemo) => W | undefined,
): readonly { readonly venue: SimulatedName; readonly withdrawal: W }[] {
  return SIMULATED_NAMES.flatMap((venue) => {
    const withdrawal = choose(simulatedOf(venue).demo);
    return withdrawal === undefined ? [] : [{ venue, withdrawal }];
  });
}

function stepOf(
  venue: SimulatedName,
  { title, body }: DemoWithdrawal,
  label: number,
  client_reference: string,
): TourStep {
  return { venue, wanted: { label: `#${label}`, title, body: { ...body, client_reference } } };
}
