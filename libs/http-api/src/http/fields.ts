import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Expose, Transform, Type, type ClassTransformOptions } from 'class-transformer';
import { IsOptional, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { isDecimalText, lowerCase, MAX_WHOLE_DIGITS, NumberText, utcTime } from '@sluice/kernel';
import { rememberField } from './misspelt.js';

type RequestFields = Readonly<Record<string, unknown>>;

/**
 * Check of a value: returns the fault as the reason in `field: reason`, or as `.part: reason` for a
 * part of the value. Returns null for a valid value. `dto` is the object containing the value.
 */
type FieldCheck = (value: unknown, dto: RequestFields) => string | null;

export interface FieldOptions {
  /** May be absent or null. */
  readonly optional?: boolean;
  /** Always present; null if no value exists. */
  readonly nullable?: boolean;
  /**
   * Condition on the other fields: the field is required and checked only if true. Default: always.
   */
  readonly when?: (dto: RequestFields) => boolean;
  readonly description?: string;
  readonly example?: unknown;
  /** Properties added to the field's OpenAPI schema, or replacing the schema's own. */
  readonly schema?: Readonly<Record<string, unknown>>;
}

interface FieldSpec {
  readonly check: FieldCheck;
  /** OpenAPI schema of the field. */
  readonly schema: ApiPropertyOptions;
  /**
   * Changes the value before the check. `isText`: the value comes from a query or a path, with
   * numbers as text.
   */
  readonly read?: (value: unknown, isText: boolean) => unknown;
}

/** Declares a field of a DTO: validation, reading from exact JSON, and OpenAPI schema. */
export function Field(spec: FieldSpec, options: FieldOptions = {}): PropertyDecorator {
  const { read = (value) => value } = spec;
  // Reads the original value, because class-transformer copies objects and drops the fields of
  // objects without a class.
  const reading = Transform(({ obj, key, options }: TransformOf) =>
    read(obj[key], options.enableImplicitConversion === true),
  );
  return applyDecorators(reading, checkedField(spec, options));
}

interface TransformOf {
  readonly obj: RequestFields;
  readonly key: string;
  readonly options: ClassTransformOptions;
}

function checkedField(
  { check, schema }: FieldSpec,
  { optional = false, nullable = false, when, description, example, ...more }: FieldOptions,
): PropertyDecorator {
  const reasonOf = (value: unknown, dto: object | undefined) => {
    if (value === null && nullable) return null;
    return value === undefined ? 'Field required' : check(value, dto as RequestFields);
  };
  return applyDecorators(
    ApiProperty({
      ...schema,
      required: !optional && !when,
      ...((optional || nullable) && { nullable: true }),
      ...(description !== undefined && { description }),
      ...(example !== undefined && { example }),
      ...more.schema,
    } as ApiPropertyOptions),
    Expose(),
    rememberField,
    ...(optional ? [IsOptional()] : []),
    ...(when ? [ValidateIf(when)] : []),
    ValidateBy({
      name: 'field',
      validator: {
        validate: (value, args) => reasonOf(value, args?.object) === null,
        defaultMessage: (args) => reasonOf(args?.value, args?.object) ?? '',
      },
    }),
  );
}

interface TextLimits {
  readonly min?: number;
  readonly max?: number;
  /**
   * Accepts text of only spaces. Default: only if `min` is 0. Blank text is never useful, but a
   * public contract may allow blank text.
   */
  readonly mayBeBlank?: boolean;
  /** Counts code points, like JSON Schema; an emoji counts as 1. Default: UTF-16 units. */
  readonly inCodePoints?: boolean;
  /** Further rule of a valid text, such as `identifierFault`: returns the reason of a fault. */
  readonly form?: (text: string) => string | null;
}

/**
 * Text of `min` to `max` UTF-16 units (default 1 to 128), or code points with `inCodePoints`. The
 * message rules count the same field equally, and accept every text accepted by this check.
 */
export function TextField(
  { min = 1, max = 128, mayBeBlank = min === 0, inCodePoints = false, form }: TextLimits = {},
  options: FieldOptions & { readonly read?: (text: string) => string } = {},
): PropertyDecorator {
  const { read } = options;
  return Field(
    {
      check: (value) => textFault(value, { min, max, mayBeBlank, inCodePoints, form }),
      schema: { type: 'string', minLength: min, maxLength: max },
      ...(read && { read: (value) => (typeof value === 'string' ? read(value) : value) }),
    },
    options,
  );
}

type TextRules = Required<Omit<TextLimits, 'form'>> & { readonly form: TextLimits['form'] };

function textFault(
  value: unknown,
  { min, max, mayBeBlank, inCodePoints, form = () => null }: TextRules,
): string | null {
  if (typeof value !== 'string') return 'Input should be a valid string';
  if (!isStorable(value)) return 'String should contain valid characters only';
  const length = inCodePoints ? codePointsOf(value) : value.length;
  if (length < min) return `String should have at least ${min} characters`;
  if (length > max) return `String should have at most ${max} characters`;
  return form(value) ?? (!mayBeBlank && value.trim() === '' ? 'String should not be blank' : null);
}

/** Returns the number of characters of a text as counted by JSON Schema: code points. */
function codePointsOf(text: string): number {
  return [...text].length;
}

/** True if PostgreSQL can store and UTF-8 can encode the text: no NUL, and no lone surrogate. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
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

export function UuidField(options: FieldOptions = {}): PropertyDecorator {
  return PatternField(UUID, 'a lower-case UUID', options);
}

/** A moment in UTC that the calendar has, as `utcTime` reads it, with a final `Z`. */
export function TimeField(options: FieldOptions = {}): PropertyDecorator {
  const reason = 'Input should be a UTC time such as 2026-11-20T08:00:00.000Z';
  return Field(
    {
      check: (value) =>
        typeof value === 'string' && value.endsWith('Z') && utcTime(value) !== null ? null : reason,
      schema: { type: 'string', format: 'date-time' },
    },
    options,
  );
}

/** A text from a fixed list of choices. A query or a path may contain the text in any case. */
export function ChoiceField(
  choices: readonly string[],
  options: FieldOptions = {},
): PropertyDecorator {
  const inAnyCase = (value: unknown): unknown =>
    typeof value === 'string'
      ? (choices.find((choice) => lowerCase(choice) === lowerCase(value)) ?? value)
      : value;
  return Field(
    {
      check: choiceCheck(choices),
      schema: { enum: [...choices] },
      read: (value, isText) => (isText ? inAnyCase(value) : value),
    },
    options,
  );
}

/** One or more texts of a fixed list in a query: a repeated parameter, or words between commas, in any case. */
export function ChoicesField(
  choices: readonly string[],
  options: FieldOptions = {},
): PropertyDecorator {
  const isOne = choiceCheck(choices);
  return Field(
    {
      check: (value, dto) =>
        Array.isArray(value)
          ? (value.map((one: unknown) => isOne(one, dto)).find((fault) => fault !== null) ?? null)
          : isOne(value, dto),
      schema: { type: 'array', items: { type: 'string', enum: [...choices] } },
      read: (value) => (value === undefined || value === null ? value : wordsIn(value, choices)),
    },
    options,
  );
}

function wordsIn(value: unknown, choices: readonly string[]): unknown[] {
  const inAnyCase = (text: string) =>
    choices.find((choice) => lowerCase(choice) === lowerCase(text)) ?? text;
  return [value]
    .flat()
    .flatMap((one: unknown) => (typeof one === 'string' ? one.split(',').map(inAnyCase) : [one]));
}

function choiceCheck(choices: readonly string[]): FieldCheck {
  return (value) =>
    choices.some((choice) => choice === value)
      ? null
      : `Input should be one of ${choices.join(', ')}`;
}

export function FlagField(options: FieldOptions = {}): PropertyDecorator {
  return Field(
    {
      check: (value) => (typeof value === 'boolean' ? null : 'Input should be true or false'),
      schema: { type: 'boolean' },
    },
    options,
  );
}

/** Decimal text, or a JSON number read exactly: the field is always text. Units are those of the field's asset. */
export function DecimalField(
  {
    moreThanZero = false,
    maxWholeDigits = MAX_WHOLE_DIGITS,
  }: { readonly moreThanZero?: boolean; readonly maxWholeDigits?: number } = {},
  options: FieldOptions = {},
): PropertyDecorator {
  const check: FieldCheck = (value) => {
    if (typeof value === 'string' && /^-\d/.test(value)) return 'Input should be greater than 0';
    if (typeof value === 'string' && PLAIN.test(value) && wholeDigits(value) > maxWholeDigits)
      return `Decimal input should have no more than ${maxWholeDigits} digits before the decimal point`;
    if (!isDecimalText(value)) return 'Input should be a valid decimal';
    return moreThanZero && !/[1-9]/.test(value) ? 'Input should be greater than 0' : null;
  };
  return Field(
    {
      check,
      schema: { type: 'string', example: '12.5' },
      read: (value) => (value instanceof NumberText ? value.text : value),
    },
    options,
  );
}

const PLAIN = /^\d+(\.\d{1,30})?$/;

function wholeDigits(decimal: string): number {
  return /^0*(\d*)/.exec(decimal)?.[1]?.length ?? 0;
}

/** A whole number of a range, in a body or as the text of a query. */
export function WholeNumberField(
  {
    min,
    max,
    orText = false,
  }: {
    readonly min: number;
    readonly max: number;
    /** Also accepts digits as text in a body, because messages may contain numbers as text. */
    readonly orText?: boolean;
  },
  options: FieldOptions = {},
): PropertyDecorator {
  return Field(
    {
      check: (value) =>
        typeof value === 'number' && value >= min && value <= max
          ? null
          : `Input should be a whole number from ${min} to ${max}`,
      schema: { type: 'integer', minimum: min, maximum: max },
      read: (value, areTexts) => wholeNumber(value, orText || areTexts),
    },
    options,
  );
}

function wholeNumber(value: unknown, isText: boolean): unknown {
  const text = value instanceof NumberText ? value.text : isText ? value : null;
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : value;
}

/** A list of texts, each checked by `isGood`; `expected` completes "… is not". */
export function TextListField(
  {
    isGood,
    expected,
    min = 0,
    max = 1_000,
  }: {
    readonly isGood: (text: string) => boolean;
    readonly expected: string;
    readonly min?: number;
    readonly max?: number;
  },
  options: FieldOptions = {},
): PropertyDecorator {
  const check: FieldCheck = (value) => {
    if (!Array.isArray(value)) return 'Input should be a list';
    if (value.length < min) return `List should have at least ${min} items`;
    if (value.length > max) return `List should have at most ${max} items`;
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
  // OpenAPI treats a function named `type` as a function returning a class; the name is required.
  return applyDecorators(
    Type(dto),
    ValidateNested({ each: true, message: 'Input should be a list of objects' }),
    checkedField({ check, schema: { type: () => dto(), isArray: true } }, options),
  );
}
