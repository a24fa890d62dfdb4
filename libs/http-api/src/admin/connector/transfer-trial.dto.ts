import { ChoiceField, DecimalField, TextField, UuidField } from '../../http/fields.js';
import { AssetField } from '../ledger/ledger-fields.js';

/** Trial of a transfer from our own wallet for an account. */
export class TryTransferDto {
  @UuidField() account_id!: string;
  @AssetField() asset!: string;
  @TextField({}, { description: 'the address of the recipient' }) to_address!: string;
  @DecimalField({ moreThanZero: true }) amount!: string;
}

const TRIAL_OUTCOMES = ['works', 'refused', 'unknown'] as const;

export type TrialOutcome = (typeof TRIAL_OUTCOMES)[number];

/**
 * Present result of the transfer according to the chain. The trial signs, sends and reserves no
 * transaction.
 */
export class TransferTrialDto {
  @ChoiceField(TRIAL_OUTCOMES, {
    description:
      'refused: the recipient or the token refuses it, or it needs more gas than a payment may use; unknown: it could not be tried',
  })
  outcome!: TrialOutcome;
  @TextField({}, { nullable: true, description: 'the stable reason of a refusal' })
  reason!: string | null;
  @TextField({ max: 1_000 }, { nullable: true, description: 'why it is refused or unknown' })
  message!: string | null;
}
