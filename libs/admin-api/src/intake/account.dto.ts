import { TextField, TimeField, UuidField, WholeNumberField } from '@sluice/http-api';

/** The path of one account. What is no id names no account, so it is 404 and not 422. */
export class AccountParams {
  @TextField() account_id!: string;
}

export class CreateAccountDto {
  @TextField({}, { description: 'what people call it' }) name!: string;
}

export class CreatedAccountDto {
  @UuidField() account_id!: string;
  @TextField() name!: string;
}

/** An account as the list of them shows it. */
export class AccountRowDto extends CreatedAccountDto {
  @TimeField() created_at!: string;
  /** How many of its keys are not revoked. */
  @WholeNumberField({ min: 0, max: 1_000_000 }) keys!: number;
}

/** What an account has of one currency on one network: in all, reserved, and left. Decimal text. */
export class AccountBalanceDto {
  @TextField({ max: 32 }) currency!: string;
  @TextField({ max: 32 }) network!: string;
  @TextField() balance!: string;
  @TextField() held!: string;
  @TextField() available!: string;
}
