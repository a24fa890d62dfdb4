import type { WireDestination } from '@sluice/kernel';
import { DestinationField } from '../../http/destination-field.js';
import { ChoiceField, TextField, TimeField, UuidField } from '../../http/fields.js';
import { AmountField, AssetField } from './ledger-fields.js';

const VERDICTS = ['allow', 'deny', 'approval'] as const;
const REASONS = ['policy_denied', 'limit_exceeded'] as const;

/**
 * Request by intake-api: a withdrawal that the ledger judges by the spending policy, without
 * counting it. `amount` is the amount for the recipient, without the fee.
 */
export class PreviewPolicyDto {
  @UuidField() account_id!: string;
  @TextField({ max: 128 }, { description: 'API key of the request' }) key_id!: string;
  @AssetField() asset!: string;
  @AmountField() amount!: string;
  @DestinationField() destination!: WireDestination;
  @TextField({ max: 32 }) venue!: string;
}

/** Decision of the spending policy at this moment. `approval`: people would have to approve. */
export class PolicyPreviewDto {
  @ChoiceField(VERDICTS) verdict!: (typeof VERDICTS)[number];
  @ChoiceField(REASONS, { nullable: true }) reason!: (typeof REASONS)[number] | null;
  @TextField({}, { nullable: true, description: 'name of the refusing rule' }) rule!: string | null;
  @TextField({}, { nullable: true, description: 'rest that the limit allows, in `unit`' })
  remaining!: string | null;
  @TextField({}, { nullable: true, description: 'asset, `EUR` or `payments`' })
  unit!: string | null;
  @TimeField({
    nullable: true,
    description: 'time at which the limit allows the amount; null: never',
  })
  frees_at!: string | null;
}
