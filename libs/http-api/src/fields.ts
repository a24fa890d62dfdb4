import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsOptional, ValidateBy, ValidateNested } from 'class-validator';
import { isDecimalText } from '@sluice/money';
import { NumberText } from '@sluice/exact-json';

/** What is wrong with a value, as the reason in `field: reason`; null when nothing is. `dto` is the object that it belongs to. */
export type FieldCheck = (value: unknown, dto: Readonly<Record<string, unknown>>) => string | null;

export interface FieldOptions {
  /** May be absent or null. */
  readonly optional?: boolean;
  /** Always there, and null where there is nothing to say. */
  readonly nullable?: boolean;
  readonly description?: string;
  readonly example?: unknown;
}

export interface FieldSpec {
  readonly check: FieldCheck;
  /** As OpenAPI describes it. */
  readonly schema: ApiPropertyOptions;
  /** Changes the value before it is checked. */
  readonly read?: (value: unknown) => unknown;
}

/** One field of a DTO: its validation, its reading from exact JSON and its place in the OpenAPI document, said once. */
export function Field(
  { check, schema, read }: FieldSpec,
  { optional = false, nullable = false, description, example }: FieldOptions = {},
): PropertyDecorator {
  const reasonOf: FieldCheck = (value, dto) => {
    if (value === null && nullable) return null;
    return value === undefined || value === null ? 'Field required' : check(value, dto);
  };
  return applyDecorators(
    ApiProperty({
      ...schema,
      required: !optional,
      ...((optional || nullable) && { nullable: true }),
      ...(description !== undefined && { description }),
      ...(example !== undefined && { example }),
    } as ApiPropertyOptions),
    ...(read ? [Transform(({ value }) => read(value))] : []),
    ...(optional ? [IsOptional()] : []),
    ValidateBy({
      name: 'field',
      validator: {
        validate: (value, args) => reasonOf(value, dtoOf(args?.object)) === null,
        defaultMessage: (args) => reasonOf(args?.value, dtoOf(args?.object)) ?? '',
      },
    }),
  );
}

function dtoOf(object: object | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object ?? {}));
}

/** A text of `min` to `max` UTF-16 units: as the rules of messages count them, so that none passes here and fails there. */
export function TextField(
  { min = 1, max = 128 }: { readonly min?: number; readonly max?: number } = {},
  options: FieldOptions & { readonly read?: (text: string) => string } = {},
): PropertyDecorator {
  const { read } = options;
  return Field(
    {
      check: (value) => textFault(value, min, max),
      schema: { type: 'string', minLength: min, maxLength: max },
      ...(read && { read: (value) => (typeof value === 'string' ? read(value) : value) }),
    },
    options,
  );
}

export function textFault(value: unknown, min: number, max: number): string | null {
  if (typeof value !== 'string') return 'Input should be a valid string';
  if (!value.isWellFormed() || value.includes('\0'))
    return 'String should contain valid characters only';
  if (value.length < min) return `String should have at least ${min} characters`;
  if (value.length > max) return `String should have at most ${max} characters`;
  return value.trim() === '' && min > 0 ? 'String should not be blank' : null;
}

/** A text of a fixed form. `expected` completes "Input should be …". */
export function PatternField(
  pattern: RegExp,
  expected: string,
  options: FieldOptions & { readonly read?: (text: string) => string } = {},
): PropertyDecorator {
  const { read } = options;
  return Field(
    {
      check: (value) =>
        typeof value === 'string' && pattern.test(value) ? null : `Input should be ${expected}`,
      schema: { type: 'string', pattern: pattern.source },
      ...(read && { read: (value) => (typeof value === 'string' ? read(value) : value) }),
    },
    options,
  );
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/;

export function UuidField(options: FieldOptions = {}): PropertyDecorator {
  return PatternField(UUID, 'a lower-case UUID', options);
}

/** A moment in UTC. */
export function TimeField(options: FieldOptions = {}): PropertyDecorator {
  const reason = 'Input should be a UTC time such as 2026-11-20T08:00:00.000Z';
  return Field(
    {
      check: (value) =>
        typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value))
          ? null
          : reason,
      schema: { type: 'string', format: 'date-time' },
    },
    options,
  );
}

/** One of a list of texts. */
export function ChoiceField(
  choices: readonly string[],
  options: FieldOptions = {},
): PropertyDecorator {
  return Field({ check: choiceCheck(choices), schema: { enum: [...choices] } }, options);
}

function choiceCheck(choices: readonly string[]): FieldCheck {
  return (value) =>
    choices.some((choice) => choice === value)
      ? null
      : `Input should be one of ${choices.join(', ')}`;
}

/** Decimal text, or a JSON number read exactly: the field is always text. Units are those of the field's asset. */
export function DecimalField(
  { moreThanZero = false }: { readonly moreThanZero?: boolean } = {},
  options: FieldOptions = {},
): PropertyDecorator {
  const check: FieldCheck = (value) => {
    if (typeof value === 'string' && /^-\d/.test(value)) return 'Input should be greater than 0';
    if (!isDecimalText(value)) return 'Input should be a valid decimal';
    return moreThanZero && !/[1-9]/.test(value) ? 'Input should be greater than 0' : null;
  };
  return Field(
    {
      check,
      schema: { type: 'string', format: 'decimal', example: '12.5' },
      read: (value) => (value instanceof NumberText ? value.text : value),
    },
    options,
  );
}

/** A whole number of a range, in a body or as the text of a query. */
export function WholeNumberField(
  { min, max }: { readonly min: number; readonly max: number },
  options: FieldOptions = {},
): PropertyDecorator {
  return Field(
    {
      check: (value) =>
        typeof value === 'number' && value >= min && value <= max
          ? null
          : `Input should be a whole number from ${min} to ${max}`,
      schema: { type: 'integer', minimum: min, maximum: max },
      read: wholeNumber,
    },
    options,
  );
}

function wholeNumber(value: unknown): unknown {
  const text = value instanceof NumberText ? value.text : value;
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : text;
}

/** Texts that each pass `isGood`; `expected` completes "… is not". */
export function TextListField(
  {
    isGood,
    expected,
    min = 0,
  }: {
    readonly isGood: (text: string) => boolean;
    readonly expected: string;
    readonly min?: number;
  },
  options: FieldOptions = {},
): PropertyDecorator {
  const check: FieldCheck = (value) => {
    if (!Array.isArray(value)) return 'Input should be a list';
    if (value.length < min) return `List should have at least ${min} items`;
    const bad: unknown = value.find(
      (entry: unknown) => typeof entry !== 'string' || !isGood(entry),
    );
    return bad === undefined ? null : `${JSON.stringify(bad)} is not ${expected}`;
  };
  return Field({ check, schema: { type: 'array', items: { type: 'string' } } }, options);
}

/** A list of objects of another DTO. */
export function NestedListField(
  dto: () => new () => object,
  options: FieldOptions & { readonly max?: number } = {},
): PropertyDecorator {
  const { max = 500 } = options;
  const check: FieldCheck = (value) => {
    if (!Array.isArray(value)) return 'Input should be a list';
    return value.length > max ? `List should have at most ${max} items` : null;
  };
  return applyDecorators(
    Type(dto),
    ValidateNested({ each: true, message: 'Input should be a list of objects' }),
    Field({ check, schema: { type: dto, isArray: true } as ApiPropertyOptions }, options),
  );
}
