import { TextField, UuidField } from '../../http/fields.js';
import { OnceField } from '../../http/text-fields.js';
import { LedgerAccountParams } from './accounts.dto.js';
import { AmountField, AssetField, EvidenceField, ReasonField } from './ledger-fields.js';
import { SHARED_ACCOUNT_EXAMPLE } from './examples.js';

const SIDE = {
  description: 'an account of the chart; a customer on either side is the one of the path',
  example: SHARED_ACCOUNT_EXAMPLE,
};

class TransferTermsDto {
  @TextField({}, SIDE) from!: string;
  @TextField({}, SIDE) to!: string;
  @AssetField() asset!: string;
  @AmountField() amount!: string;
  @OnceField({ description: 'one reference transfers once for an account' })
  reference!: string;
}

export class TransferFundsDto extends TransferTermsDto {
  @EvidenceField() evidence?: string;
}

export class TransferDto extends TransferTermsDto {
  @UuidField() account_id!: string;
  @UuidField({ description: 'the journal entry of the first time' }) entry_id!: string;
}

export class ReversalParams extends LedgerAccountParams {
  @UuidField() entry_id!: string;
}

export class ReverseEntryDto {
  @ReasonField() reason!: string;
}

export class ReversalDto {
  @UuidField() account_id!: string;
  @UuidField({ description: 'the entry that takes the other one back' }) entry_id!: string;
  @UuidField({ description: 'the entry that is taken back' }) reverses!: string;
  @ReasonField() reason!: string;
}
