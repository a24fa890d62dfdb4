import { withNextStep } from '@sluice/kernel';

/** Causes of waiting at intake-api, while no connector has the order. */
export const HELD_AT_INTAKE = {
  /** No order leaves after an outage, or a restore, before the other venues have read their records. */
  heldBack: withNextStep(
    'the other venues of its route to read their records: intake-api was down, or its database was restored',
    'held_back',
  ),
  /** The hold had ended before a restore; a connector takes no order without receipts. */
  heldNoMore: withNextStep(
    'the end of its hold: the hold had ended before the database of intake-api was restored; the venue and then the ledger are asked for the end',
    'held_no_more',
  ),
} as const;
