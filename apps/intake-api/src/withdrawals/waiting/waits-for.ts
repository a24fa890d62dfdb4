import { NEXT_STEPS, withNextStep, type WaitingFor } from '@sluice/kernel';
import type { State } from '@sluice/withdrawal-core';

/** Words about each cause reported by a connector: for customers, and for operators. */
const CAUSES: Readonly<
  Partial<
    Record<WaitingFor, { readonly customer: (venue: string) => string; readonly operator: string }>
  >
> = {
  halt: {
    customer: (venue) => `Payments at ${venue} are halted until an operator has checked them`,
    operator: 'a halt at the connector to be lifted',
  },
  fault: {
    customer: (venue) => `Nothing is sent to ${venue} before our own checks are over`,
    operator:
      'a fault of the connector, which sends nothing now (the awaits of the submission names the fault)',
  },
  permit: {
    customer: (venue) => `Payments at ${venue} wait for the check of our books`,
    operator: 'the permit of the auditor',
  },
  pause: {
    customer: (venue) => `${venue} takes no requests now, and is asked again`,
    operator: 'the end of a pause of the venue',
  },
  person: {
    customer: (venue) => `One of our operators checks whether ${venue} has paid it before`,
    operator: 'the decision of an operator whether the order was already paid',
  },
  confirmation: {
    customer: (venue) => `Its order at ${venue} is compared before it is sent`,
    operator: 'its confirmation at the connector, after an outage or a restore',
  },
  look_up: {
    customer: (venue) => `The records of ${venue} are searched before it is sent`,
    operator: 'a look-up in the venue’s record before the order is sent',
  },
  equal_payment: {
    customer: (venue) => `An equal payment at ${venue} has to end first`,
    operator: 'the end of an equal payment at the venue',
  },
  preparation: {
    customer: (venue) => `It cannot be sent to ${venue} now, and is tried again`,
    operator: 'another try: the order could not be prepared',
  },
};

/** A connector's report of what holds an unsent order. */
export interface ReportedWait {
  readonly kind: 'waits';
  readonly withdrawalId: string;
  readonly by: string;
  readonly cause: string;
}

/** Value of the column. A report of an earlier venue is told apart by the venue. */
export function waitsFor({ by, cause }: Pick<ReportedWait, 'by' | 'cause'>): string {
  return `${by} ${cause}`;
}

/** What holds the order at its venue, in words; null if no cause is known, or the order was sent. */
export function waitingText(
  reader: 'customer' | 'operator',
  { state, venue }: { readonly state: State; readonly venue: string },
  waits: string | null,
): string | null {
  if (state !== 'submitting' || waits === null || !waits.startsWith(`${venue} `)) return null;
  const cause = waits.slice(venue.length + 1);
  if (!isKnown(cause)) return null;
  const known = CAUSES[cause];
  if (!known) return null;
  return reader === 'operator' ? withNextStep(known.operator, cause) : known.customer(venue);
}

function isKnown(cause: string): cause is WaitingFor {
  return Object.hasOwn(NEXT_STEPS, cause);
}
