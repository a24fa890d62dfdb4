import type { WithdrawalDto } from '@sluice/http-api';
import { NEXT_STEPS, type WaitingFor, withNextStep } from '@sluice/kernel';
import type { State } from '@sluice/withdrawal-core';
import { ServiceAwayError } from '../../other-services/asked-service.js';
import type { LedgerClient } from '../../other-services/ledger-client.js';

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

/** Pending condition of each state, in a sentence for operators, with the next step. */
export const AWAITS: Readonly<Record<State, string | null>> = {
  requested: withNextStep('the ledger to place or refuse the hold', 'ledger'),
  awaiting_approval: withNextStep(
    'people to approve the payment, as a rule of the spending policy demands',
    'approval',
  ),
  submitting: withNextStep(
    'the first report of the connector, which knows what holds the order',
    'report',
  ),
  uncertain: withNextStep(
    'proof of the outcome at the venue; the order is never sent again without it',
    'venue',
  ),
  undecided: withNextStep(
    'an operator to decide the outcome at the venue, with evidence',
    'person',
  ),
  submitted: withNextStep("the venue's final word", 'confirmations'),
  broadcast: withNextStep('confirmations on the chain', 'confirmations'),
  capturing: withNextStep('the ledger to capture the hold', 'ledger'),
  releasing: withNextStep('the ledger to release the hold', 'ledger'),
  cancelling: withNextStep('the ledger to release the hold', 'ledger'),
  returning: withNextStep('the ledger to credit the payment that came back', 'ledger'),
  rejected: null,
  completed: null,
  returned: null,
  failed: null,
  cancelled: null,
};

/** States that end with the next answer of the ledger. */
const OF_LEDGER: ReadonlySet<State> = new Set([
  'requested',
  'capturing',
  'releasing',
  'cancelling',
  'returning',
]);

/** Text of `awaits` for operators, with a halt of the ledger, or its silence. */
export async function awaitedOfLedger(
  { state, awaits }: Pick<WithdrawalDto, 'state' | 'awaits'>,
  ledger: Pick<LedgerClient, 'bookHalt'>,
): Promise<string | null> {
  if (!OF_LEDGER.has(state)) return awaits;
  try {
    const halt = await ledger.bookHalt();
    return halt === null
      ? awaits
      : withNextStep(`the halt of the ledger to be lifted: ${halt}`, 'book_halt');
  } catch (error) {
    if (!(error instanceof ServiceAwayError)) throw error;
    return `${awaits}; the ledger does not answer now`;
  }
}
