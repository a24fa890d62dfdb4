import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isAsset, isDecimalText } from '@sluice/money';
import { isDestination } from './destination.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const VENUE = /^[a-z][a-z0-9-]{1,31}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

function field(name: string, validate: (value: unknown) => boolean, says: string) {
  return (options?: ValidationOptions): PropertyDecorator =>
    ValidateBy({ name, validator: { validate, defaultMessage: (args) => `${args?.property ?? name} ${says}` } }, options);
}

const isText = (max: number) => (value: unknown) => typeof value === 'string' && value.length > 0 && value.length <= max;
const orNull = (check: (value: unknown) => boolean) => (value: unknown) => value === null || check(value);

/** The withdrawal's UUID: its key on every topic. The integer of the REST API is `number`. */
export const IsWithdrawalId = field('isWithdrawalId', (v) => typeof v === 'string' && UUID.test(v), 'must be a lower-case UUID');
export const IsAccountId = field('isAccountId', (v) => typeof v === 'string' && UUID.test(v), 'must be a lower-case UUID');
export const IsEntryId = field('isEntryId', (v) => typeof v === 'string' && UUID.test(v), 'must be a lower-case UUID');
/** `CURRENCY.NETWORK`, e.g. `USDT.ETH`. */
export const IsAsset = field('isAsset', isAsset, 'must be an asset such as USDT.ETH');
/** Plain decimal text, zero or more; never a JSON number. */
export const IsAmount = field('isAmount', isDecimalText, 'must be a decimal string');
export const IsAmountOrNull = field('isAmountOrNull', orNull(isDecimalText), 'must be a decimal string or null');
export const IsVenue = field('isVenue', (v) => typeof v === 'string' && VENUE.test(v), 'must be a venue name');
export const IsTime = field('isTime', (v) => typeof v === 'string' && TIME.test(v), 'must be a UTC time such as 2026-11-20T08:00:00.000Z');
export const IsTimeOrNull = field(
  'isTimeOrNull',
  orNull((v) => typeof v === 'string' && TIME.test(v)),
  'must be a UTC time or null',
);
export const IsLabel = field('isLabel', isText(128), 'must be 1 to 128 characters');
export const IsLabelOrNull = field('isLabelOrNull', orNull(isText(128)), 'must be 1 to 128 characters or null');
export const IsReason = field('isReason', isText(1000), 'must be 1 to 1000 characters');
export const IsReasonOrNull = field('isReasonOrNull', orNull(isText(1000)), 'must be 1 to 1000 characters or null');
export const IsSequence = field('isSequence', (v) => Number.isSafeInteger(v) && (v as number) > 0, 'must be a positive integer');
export const IsFlag = field('isFlag', (v) => typeof v === 'boolean', 'must be true or false');
/** SHA-256 in lower-case hex. */
export const IsHash = field('isHash', (v) => typeof v === 'string' && /^[0-9a-f]{64}$/.test(v), 'must be 64 hexadecimal digits');
export const IsWholeNumberText = field(
  'isWholeNumberText',
  (v) => typeof v === 'string' && /^[1-9]\d{0,18}$/.test(v),
  'must be a whole number as text',
);
export const IsDestination = field('isDestination', isDestination, 'must be a destination of a known type');
