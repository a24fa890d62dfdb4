import { TextField, TimeField, UuidField } from '../../http/fields.js';
import { LedgerAccountParams } from './accounts.dto.js';
import { ReasonField } from './ledger-fields.js';

export class FreezeParams extends LedgerAccountParams {
  @TextField() freeze_id!: string;
}

export class FreezeAccountDto {
  @TextField({}, { description: 'the case behind it; an account may have several' })
  freeze_id!: string;
  @ReasonField() reason!: string;
}

export class FreezeDto {
  @UuidField() account_id!: string;
  @TextField() freeze_id!: string;
}

export class FreezeInForceDto extends FreezeDto {
  @TextField() reason!: string;
  @TimeField() frozen_at!: string;
}
