import { Field, PatternField, TextField, type FieldOptions } from '@sluice/http-api';
import { isAsset, isDecimalText } from '@sluice/money';

/** `CURRENCY.NETWORK`. */
export function AssetField(): PropertyDecorator {
  return Field(
    {
      check: (value) => (isAsset(value) ? null : 'Input should be an asset such as USDT.ETH'),
      schema: { type: 'string' },
    },
    { description: 'currency and network, in capitals', example: 'USDT.ETH' },
  );
}

/** An amount in a request. A zero passes: the ledger refuses it as it refuses one from Kafka. */
export function AmountField(): PropertyDecorator {
  return Field(
    {
      check: (value) => (isDecimalText(value) ? null : 'Input should be a decimal string'),
      schema: { type: 'string', format: 'decimal', pattern: '^[0-9]{1,38}(\\.[0-9]{1,30})?$' },
    },
    { description: 'decimal text, never a JSON number', example: '12.5' },
  );
}

/** An amount in an answer: the sum of a house account may be below zero. */
export function SumField(description = 'decimal text'): PropertyDecorator {
  return PatternField(/^-?[0-9]{1,38}(\.[0-9]{1,30})?$/, 'a decimal string', { description });
}

export function ReasonField(options: FieldOptions = {}): PropertyDecorator {
  return TextField({ max: 1_000 }, options);
}
