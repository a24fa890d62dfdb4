import { NestedListField, TextField, TimeField, WholeNumberField } from '../../http/fields.js';
import { LedgerBalanceDto } from './balances.dto.js';
import { SHARED_ACCOUNT_EXAMPLE } from './examples.js';

export class HouseAccountParams {
  @TextField({}, { example: SHARED_ACCOUNT_EXAMPLE }) account!: string;
}

export class HouseBalancesAtParams extends HouseAccountParams {
  @TimeField({ description: 'the moment, itself included' }) time!: string;
}

export class HouseBalancesDto {
  @NestedListField(() => LedgerBalanceDto) balances!: readonly LedgerBalanceDto[];
  @WholeNumberField(
    { min: 0, max: Number.MAX_SAFE_INTEGER },
    {
      description:
        'sums of transactions that are not folded into days yet; they are in the balances all the same',
    },
  )
  unfolded!: number;
  @WholeNumberField(
    { min: 0, max: Number.MAX_SAFE_INTEGER },
    { description: 'age of the oldest of them' },
  )
  lag_ms!: number;
}
