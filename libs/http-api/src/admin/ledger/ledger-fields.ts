import {
  EXAMPLE_VENUE,
  isAsset,
  isDecimalText,
  isObject,
  MAX_DECIMALS,
  MAX_WHOLE_DIGITS,
} from '@sluice/kernel';
import { Field, type FieldOptions, PatternField, TextField } from '../../http/fields.js';

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

const AMOUNT_PATTERN = `^[0-9]{1,${MAX_WHOLE_DIGITS}}(\\.[0-9]{1,${MAX_DECIMALS}})?$`;

const AMOUNT_EXPECTED = `Input should be a decimal string with at most ${MAX_WHOLE_DIGITS} digits before the point and ${MAX_DECIMALS} after it`;

/**
 * Amount in a request. Zero passes validation: the ledger refuses zero, as for commands from Kafka.
 */
export function AmountField(): PropertyDecorator {
  return Field(
    {
      check: (value) => (isDecimalText(value) ? null : AMOUNT_EXPECTED),
      schema: { type: 'string', pattern: AMOUNT_PATTERN },
    },
    { description: 'decimal text, never a JSON number', example: '12.5' },
  );
}

/** An amount in an answer: the sum of a house account may be below zero, and has as many digits as it takes. */
export function SumField(description = 'decimal text'): PropertyDecorator {
  return PatternField(/^-?[0-9]+(\.[0-9]+)?$/, 'a decimal string', { description });
}

export function ReasonField(options: FieldOptions = {}): PropertyDecorator {
  return TextField({ max: 1_000 }, options);
}

/** Evidence for a money movement (default: the reference). */
export function EvidenceField(): PropertyDecorator {
  return TextField(
    { max: 500 },
    {
      optional: true,
      description:
        'evidence, for example a transaction hash or a statement line; kept permanently. Default: the reference',
      example: 'bank statement 2026-11-20, line 4',
    },
  );
}

/** JSON object of any content, checked by the service that reads it. */
export function ObjectField(
  options: FieldOptions,
  read: (value: unknown) => unknown = (value) => value,
): PropertyDecorator {
  const check = (value: unknown) => (isObject(value) ? null : 'Input should be an object');
  return Field({ check, schema: { type: 'object', additionalProperties: true }, read }, options);
}

/** Example of a shared account in the documents of the admin API. */
export const SHARED_ACCOUNT_EXAMPLE = `clearing:${EXAMPLE_VENUE}`;
