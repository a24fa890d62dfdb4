import {
  ChoiceField,
  FlagField,
  NestedListField,
  PatternField,
  TextField,
  TextListField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { ObjectField, ReasonField } from './ledger-fields.js';

const STATES = [
  'open',
  'granted',
  'refused',
  'expired',
  'cancelled',
  'denied',
  'replaced',
] as const;
type PaymentApprovalState = (typeof STATES)[number];

export class PaymentApprovalsQuery {
  @ChoiceField(['open', 'all'], { optional: true, description: 'default open' })
  state?: string | null;
}

/** Vote of a person on a payment that waits. Its passkey is in the header `sluice-passkey`. */
export class VoteOnPaymentDto {
  @ChoiceField(['approve', 'refuse']) decision!: 'approve' | 'refuse';
  @PatternField(/^[0-9a-f]{64}$/, 'a SHA-256 in hex', {
    description: 'digest of the payment that the person saw',
  })
  digest!: string;
  @ReasonField({ optional: true }) reason?: string | null;
}

class PaymentVoteDto {
  @TextField({ max: 256 }) person!: string;
  @ChoiceField(['approve', 'refuse']) decision!: string;
  @TextListField({ isGood: () => true, expected: 'a text' }) groups!: readonly string[];
  @ReasonField({ nullable: true }) reason!: string | null;
  @FlagField({ description: 'the person used a passkey' }) with_passkey!: boolean;
  @TimeField() voted_at!: string;
}

/** Payment that waits, or has waited, for the approval of people. */
export class PaymentApprovalDto {
  @UuidField() withdrawal_id!: string;
  @WholeNumberField(
    { min: 1, max: 1_000_000 },
    { description: 'grows when another rule set makes earlier votes void' },
  )
  round!: number;
  @ChoiceField(STATES) state!: PaymentApprovalState;
  @TextField({ max: 100_000 }, { description: 'JSON text of everything that an approval covers' })
  content!: string;
  @TextField(
    {},
    { description: 'SHA-256 of `sluice payment approval 1`, a line feed and `content`' },
  )
  digest!: string;
  @FlagField({ description: 'one of the groups takes passkeys' }) needs_passkey!: boolean;
  @TimeField() asked_at!: string;
  @TimeField() expires_at!: string;
  @TimeField({ nullable: true }) ended_at!: string | null;
  @NestedListField(() => PaymentVoteDto) votes!: readonly PaymentVoteDto[];
}

export class PasskeyOptionsDto {
  @ObjectField({ description: 'options for `navigator.credentials.create`' }) options!: object;
}

export class RegisterPasskeyDto {
  @ObjectField({ description: 'answer of the browser to `navigator.credentials.create`' })
  registration!: object;
}

export class RevokePasskeyDto {
  @TextField({ max: 1_400 }) credential_id!: string;
}

export class PasskeyVouchersParams {
  @PatternField(/^[a-z0-9-]{1,64}$/, 'the name of a service') service!: string;
}

class PasskeyVoucherDto {
  @TextField({ max: 1_400 }) credential_id!: string;
  @TextField(
    { max: 10_000 },
    { description: 'for the header `sluice-passkey`; empty at the ledger' },
  )
  voucher!: string;
}

/** Usable passkeys of the caller, with the ledger's word for one service. */
export class PasskeyVouchersDto {
  @TextField({ max: 256 }, { description: 'domain of the passkeys' }) rp_id!: string;
  @NestedListField(() => PasskeyVoucherDto) vouchers!: readonly PasskeyVoucherDto[];
}

/** Passkey of a person. */
export class PasskeyDto {
  @TextField({ max: 1_400 }) credential_id!: string;
  @TextField({ max: 256 }) person!: string;
  @TimeField() added_at!: string;
  @TimeField({ description: 'the passkey counts from then on' }) usable_at!: string;
  @TextField({ max: 256 }) approved_by!: string;
  @TimeField({ nullable: true }) revoked_at!: string | null;
}
