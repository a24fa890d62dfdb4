import { ValidateBy, type ValidationOptions } from 'class-validator';
import { parseDestination } from '@sluice/destination';
import { isAsset, isDecimalText } from '@sluice/money';
import { isSignedRequest } from './signed-request.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAC = /^[A-Za-z0-9-]{1,32}\.[A-Za-z0-9_-]{43}$/;
const VENUE = /^[a-z][a-z0-9-]{1,31}$/;
/** One message of that many is some 40 kB. */
export const MAX_REPORT_ITEMS = 500;
/** What a withdrawal that a venue has may be waiting in. */
export const AWAITED_STATES = [
  'submitting',
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
] as const;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

function field(name: string, validate: (value: unknown) => boolean, says: string) {
  return (options?: ValidationOptions): PropertyDecorator =>
    ValidateBy(
      {
        name,
        validator: { validate, defaultMessage: (args) => `${args?.property ?? name} ${says}` },
      },
      options,
    );
}

const isText = (max: number) => (value: unknown) =>
  typeof value === 'string' && value.length > 0 && value.length <= max;
const orNull = (check: (value: unknown) => boolean) => (value: unknown) =>
  value === null || check(value);

/** The withdrawal's UUID: its key on every topic. The integer of the REST API is `number`. */
export const IsWithdrawalId = field(
  'isWithdrawalId',
  (v) => typeof v === 'string' && UUID.test(v),
  'must be a lower-case UUID',
);
export const IsAccountId = field(
  'isAccountId',
  (v) => typeof v === 'string' && UUID.test(v),
  'must be a lower-case UUID',
);
export const IsEntryId = field(
  'isEntryId',
  (v) => typeof v === 'string' && UUID.test(v),
  'must be a lower-case UUID',
);
/** `CURRENCY.NETWORK`, e.g. `USDT.ETH`. */
export const IsAsset = field('isAsset', isAsset, 'must be an asset such as USDT.ETH');
/** Plain decimal text, zero or more, of at most 24 digits before the point and 30 after it; never a JSON number. */
export const IsAmount = field('isAmount', isDecimalText, 'must be a decimal string');
export const IsAmountOrNull = field(
  'isAmountOrNull',
  orNull(isDecimalText),
  'must be a decimal string or null',
);
export const IsVenue = field(
  'isVenue',
  (v) => typeof v === 'string' && VENUE.test(v),
  'must be a venue name',
);
export const IsTime = field(
  'isTime',
  (v) => typeof v === 'string' && TIME.test(v),
  'must be a UTC time such as 2026-11-20T08:00:00.000Z',
);
export const IsTimeOrNull = field(
  'isTimeOrNull',
  orNull((v) => typeof v === 'string' && TIME.test(v)),
  'must be a UTC time or null',
);
/** `<key id>.<base64url>`: see libs/message-auth. */
export const IsMac = field(
  'isMac',
  (v) => typeof v === 'string' && MAC.test(v),
  'must be a MAC with the id of its key',
);
/** A request as its customer signed it. */
export const IsSignedRequest = field(
  'isSignedRequest',
  isSignedRequest,
  'must be a signed request',
);
export const IsLabel = field('isLabel', isText(128), 'must be 1 to 128 characters');
export const IsLabelOrNull = field(
  'isLabelOrNull',
  orNull(isText(128)),
  'must be 1 to 128 characters or null',
);
export const IsReason = field('isReason', isText(1000), 'must be 1 to 1000 characters');
export const IsReasonOrNull = field(
  'isReasonOrNull',
  orNull(isText(1000)),
  'must be 1 to 1000 characters or null',
);
export const IsSequence = field(
  'isSequence',
  (v) => Number.isSafeInteger(v) && (v as number) > 0,
  'must be a positive integer',
);
export const IsFlag = field('isFlag', (v) => typeof v === 'boolean', 'must be true or false');
/** SHA-256 in lower-case hex. */
export const IsHash = field(
  'isHash',
  (v) => typeof v === 'string' && /^[0-9a-f]{64}$/.test(v),
  'must be 64 hexadecimal digits',
);
/** Our reference at a venue: what the narrowest of them takes. */
export const IsVenueClientReference = field(
  'isVenueClientReference',
  (v) => typeof v === 'string' && /^[0-9A-Za-z]{1,32}$/.test(v),
  'must be 1 to 32 letters and digits',
);
export const IsWholeNumberText = field(
  'isWholeNumberText',
  (v) => typeof v === 'string' && /^[1-9]\d{0,18}$/.test(v),
  'must be a whole number as text',
);
export const IsDestination = field(
  'isDestination',
  (v) => parseDestination(v).ok,
  'must be a destination of a known type',
);
/** What a connector may be asked to report on: as many withdrawals as one message can carry, each with the state that the sender has. */
export const IsReportItems = field(
  'isReportItems',
  (v) => Array.isArray(v) && v.length > 0 && v.length <= MAX_REPORT_ITEMS && v.every(isReportItem),
  `must be 1 to ${MAX_REPORT_ITEMS} withdrawals, each with a state`,
);

function isReportItem(value: unknown): boolean {
  const { withdrawalId, state } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof withdrawalId === 'string' &&
    UUID.test(withdrawalId) &&
    AWAITED_STATES.some((awaited) => awaited === state)
  );
}

/** Up to 500 withdrawals, or none. */
export const IsWithdrawalIds = field(
  'isWithdrawalIds',
  (v) =>
    Array.isArray(v) &&
    v.length <= MAX_REPORT_ITEMS &&
    v.every((id) => typeof id === 'string' && UUID.test(id)),
  `must be at most ${MAX_REPORT_ITEMS} withdrawals`,
);

/** Up to 500 orders as they were sent to a venue. */
export const IsSentItems = field(
  'isSentItems',
  (v) => Array.isArray(v) && v.length > 0 && v.length <= 500 && v.every(isSentItem),
  'must be 1 to 500 orders as they were sent',
);

function isSentItem(item: unknown): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const { withdrawalId, accountId, asset, amount, recipientDigest, digest } = item as Record<
    string,
    unknown
  >;
  const isHash = (v: unknown) => typeof v === 'string' && /^[0-9a-f]{64}$/.test(v);
  const isUuid = (v: unknown) => typeof v === 'string' && UUID.test(v);
  return (
    isUuid(withdrawalId) &&
    isUuid(accountId) &&
    isAsset(asset) &&
    isDecimalText(amount) &&
    isHash(recipientDigest) &&
    (digest === undefined || isHash(digest))
  );
}
