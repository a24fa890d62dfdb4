import { ChoiceField, FlagField, TextField, TimeField, UuidField } from '../../http/fields.js';

const PUBLIC_KEY = { description: 'Ed25519: SPKI in base64, the line inside of its PEM' };

export class AddSignerDto {
  @TextField({ max: 64 }, { description: 'the API key of the customer that it belongs to' })
  key_id!: string;
  @TextField({}, PUBLIC_KEY) public_key!: string;
}

export class RevokeSignerDto {
  @TextField({}, PUBLIC_KEY) public_key!: string;
}

/** Change of an account's signers. */
export class SignerDto {
  @UuidField() account_id!: string;
  @TextField({ max: 64 }) key_id!: string;
  @TextField() public_key!: string;
  @ChoiceField(['added', 'revoked']) change!: string;
  /** True if the key may sign now; never true for a row not written by the ledger. */
  @FlagField() in_force!: boolean;
  @TimeField() at!: string;
  @TextField({ max: 1_000 }) requested_by!: string;
  @TextField({ max: 1_000 }, { nullable: true }) approved_by!: string | null;
}

/** Order without the customer's valid signature. */
export class OrderCaseDto {
  @UuidField() withdrawal_id!: string;
  @UuidField() account_id!: string;
  @TextField({ max: 1_000 }) detail!: string;
  @TimeField() opened_at!: string;
}
