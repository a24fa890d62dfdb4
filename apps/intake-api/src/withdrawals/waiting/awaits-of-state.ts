import { withNextStep } from '@sluice/kernel';
import type { State } from '@sluice/withdrawal-core';

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
