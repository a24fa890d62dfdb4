import { ChoiceField, TextField, TimeField } from '../../http/fields.js';
import { LedgerAccountParams } from './accounts.dto.js';
import { AssetField, SumField } from './ledger-fields.js';

export class BalancesQuery {
  @TextField({}, { optional: true }) currency?: string;
  @TextField({}, { optional: true }) network?: string;
}

export class BalancesAtParams extends LedgerAccountParams {
  @TimeField({ description: 'the moment, itself included' }) time!: string;
}

export class BalancesAtQuery {
  @ChoiceField(['recorded', 'effective'], {
    optional: true,
    description:
      'time that decides whether an entry counts; default `recorded`. Holds have only the time of their decision',
  })
  by?: 'recorded' | 'effective';
}

export class LedgerBalanceDto {
  @AssetField() asset!: string;
  @TextField() currency!: string;
  @TextField() network!: string;
  @SumField('what is booked') posted!: string;
  @SumField('reserved part of the balance') held!: string;
  @SumField('the rest') available!: string;
}
