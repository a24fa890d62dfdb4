import { ValidateBy, type ValidationOptions } from 'class-validator';
import {
  AMOUNT_PATTERN,
  ASSET_PATTERN,
  DESTINATION_SCHEMA,
  isAsset,
  isDecimalText,
  parseDestination,
} from '@sluice/kernel';
import {
  listSchema,
  objectSchema,
  orNullSchema,
  patternSchema,
  textSchema,
  type JsonSchema,
} from './json-schema.js';
import { isSignedRequest, SIGNED_REQUEST_SCHEMA } from './order-digest.js';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PLAIN_MAC = '[A-Za-z0-9-]{1,32}\\.[A-Za-z0-9_-]{43}';
const MAC = new RegExp(`^${PLAIN_MAC}$`);
const END = '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z~';
const TIMED_RECEIPT = new RegExp(`^${END}${PLAIN_MAC}$`);
const SIGNER_RECEIPT = new RegExp(`^(${END})?${PLAIN_MAC}$`);
const PROOF = new RegExp(`^${PLAIN_MAC}(~${PLAIN_MAC})?$`);
const HASH = /^[0-9a-f]{64}$/;
/** Format accepted by every venue. */
const VENUE_CLIENT_REFERENCE = /^[0-9A-Za-z]{1,32}$/;
export const WHOLE_NUMBER = /^[1-9]\d{0,18}$/;
const VENUE = /^[a-z][a-z0-9-]{1,31}$/;
export const MAX_VENUE_PAYMENTS = 200;
export const MAX_REPORT_ITEMS = 500;
/** States in which a withdrawal waits for a venue. */
export const AWAITED_STATES = [
  'submitting',
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
] as const;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

type FieldRule = (value: unknown) => boolean;

/** Kind of field: the check, the text of a fault, and the JSON Schema. */
export function field(name: string, validate: FieldRule, says: string, schema: JsonSchema) {
  return (options?: ValidationOptions): PropertyDecorator =>
    ValidateBy(
      {
        name,
        validator: { validate, defaultMessage: (args) => `${args?.property ?? name} ${says}` },
      },
      { context: { schema }, ...options },
    );
}

const AMOUNT_SCHEMA = patternSchema(new RegExp(AMOUNT_PATTERN), 'decimal text');
const ASSET_SCHEMA = patternSchema(new RegExp(ASSET_PATTERN), 'asset, such as USDT.ETH');
export const UUID_SCHEMA = patternSchema(UUID, 'UUID');
const TIME_SCHEMA = patternSchema(TIME, 'UTC time');
const HASH_SCHEMA = patternSchema(HASH, 'SHA-256 in hex');
const REPORT_ITEM_SCHEMA = objectSchema({
  withdrawalId: UUID_SCHEMA,
  state: { type: 'string', enum: [...AWAITED_STATES] },
});
const SENT_ITEM_SCHEMA = objectSchema(
  {
    withdrawalId: UUID_SCHEMA,
    accountId: UUID_SCHEMA,
    asset: ASSET_SCHEMA,
    amount: AMOUNT_SCHEMA,
    recipientDigest: HASH_SCHEMA,
  },
  { digest: HASH_SCHEMA },
);
const LONGEST_PAYMENT = 1_000;
const PAYMENT_TEXT_SCHEMA = textSchema(LONGEST_PAYMENT);
const VENUE_PAYMENT_SCHEMA = objectSchema(
  {
    record: PAYMENT_TEXT_SCHEMA,
    clientReference: orNullSchema(PAYMENT_TEXT_SCHEMA),
    payment: orNullSchema(PAYMENT_TEXT_SCHEMA),
    madeAt: TIME_SCHEMA,
    closed: { type: 'boolean' },
  },
  { withdrawalId: UUID_SCHEMA },
);

export const isText = (max: number) => (value: unknown) =>
  typeof value === 'string' && value.length > 0 && value.length <= max;
export const orNull = (check: FieldRule) => (value: unknown) => value === null || check(value);

/** UUID of the withdrawal: the key on every topic. `number` is the integer of the REST API. */
export const IsWithdrawalId = field(
  'isWithdrawalId',
  (v) => typeof v === 'string' && UUID.test(v),
  'must be a lower-case UUID',
  UUID_SCHEMA,
);
export const IsAccountId = field(
  'isAccountId',
  (v) => typeof v === 'string' && UUID.test(v),
  'must be a lower-case UUID',
  UUID_SCHEMA,
);
export const IsLife = field(
  'isLife',
  (v) => typeof v === 'string' && UUID.test(v),
  'must be a lower-case UUID',
  UUID_SCHEMA,
);
export const IsEntryId = field(
  'isEntryId',
  (v) => typeof v === 'string' && UUID.test(v),
  'must be a lower-case UUID',
  UUID_SCHEMA,
);
/** `CURRENCY.NETWORK`, e.g. `USDT.ETH`. */
export const IsAsset = field('isAsset', isAsset, 'must be an asset such as USDT.ETH', ASSET_SCHEMA);
/** Plain decimal text, zero or more, of at most 24 digits before the point and 30 after it; never a JSON number. */
export const IsAmount = field('isAmount', isDecimalText, 'must be a decimal string', AMOUNT_SCHEMA);
export const IsAmountOrNull = field(
  'isAmountOrNull',
  orNull(isDecimalText),
  'must be a decimal string or null',
  orNullSchema(AMOUNT_SCHEMA),
);
export const IsVenue = field(
  'isVenue',
  (v) => typeof v === 'string' && VENUE.test(v),
  'must be a venue name',
  patternSchema(VENUE, 'name of a venue'),
);
export const IsTime = field(
  'isTime',
  (v) => typeof v === 'string' && TIME.test(v),
  'must be a UTC time such as 2026-11-20T08:00:00.000Z',
  TIME_SCHEMA,
);
export const IsTimeOrNull = field(
  'isTimeOrNull',
  orNull((v) => typeof v === 'string' && TIME.test(v)),
  'must be a UTC time or null',
  orNullSchema(TIME_SCHEMA),
);
/** `<key id>.<base64url>`: see libs/signing. */
export const IsMac = field(
  'isMac',
  (v) => typeof v === 'string' && MAC.test(v),
  'must be a MAC with the id of its key',
  patternSchema(MAC, 'MAC with the id of its key'),
);
/** `<time>~<MAC>`: a receipt with an end. See libs/signing. */
export const IsTimedReceipt = field(
  'isTimedReceipt',
  (v) => typeof v === 'string' && TIMED_RECEIPT.test(v),
  'must be the end of a receipt and its MAC',
  patternSchema(TIMED_RECEIPT, 'the end of a receipt and its MAC'),
);
/** Receipt for the signer. The pattern admits a receipt without an end, which the signer refuses. */
export const IsSignerReceipt = field(
  'isSignerReceipt',
  (v) => typeof v === 'string' && SIGNER_RECEIPT.test(v),
  'must be the end of a receipt and its MAC',
  patternSchema(SIGNER_RECEIPT, 'the end of a receipt and its MAC'),
);
/** MAC of the connector. For our own wallet the MAC of the signer follows after a `~`. */
export const IsProof = field(
  'isProof',
  (v) => typeof v === 'string' && PROOF.test(v),
  'must be a MAC with the id of its key, or two of them',
  patternSchema(PROOF, 'a MAC with the id of its key, or two of them'),
);
/** Milliseconds; null: no limit. */
export const IsWithinMsOrNull = field(
  'isWithinMsOrNull',
  (v) => v === null || (Number.isSafeInteger(v) && Number(v) >= 0),
  'must be whole milliseconds or null',
  orNullSchema({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
);
/** Request with the customer's signature. */
export const IsSignedRequest = field(
  'isSignedRequest',
  isSignedRequest,
  'must be a signed request',
  SIGNED_REQUEST_SCHEMA,
);
export const IsLabel = field(
  'isLabel',
  isText(128),
  'must be 1 to 128 characters',
  textSchema(128),
);
export const IsLabelOrNull = field(
  'isLabelOrNull',
  orNull(isText(128)),
  'must be 1 to 128 characters or null',
  orNullSchema(textSchema(128)),
);
export const IsReason = field(
  'isReason',
  isText(1000),
  'must be 1 to 1000 characters',
  textSchema(1000),
);
export const IsReasonOrNull = field(
  'isReasonOrNull',
  orNull(isText(1000)),
  'must be 1 to 1000 characters or null',
  orNullSchema(textSchema(1000)),
);
export const IsSequence = field(
  'isSequence',
  (v) => Number.isSafeInteger(v) && (v as number) > 0,
  'must be a positive integer',
  { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
);
export const IsFlag = field('isFlag', (v) => typeof v === 'boolean', 'must be true or false', {
  type: 'boolean',
});
/** SHA-256 in lower-case hex. */
export const IsHash = field(
  'isHash',
  (v) => typeof v === 'string' && HASH.test(v),
  'must be 64 hexadecimal digits',
  HASH_SCHEMA,
);
/** Our reference at a venue, in the format accepted by every venue. */
export const IsVenueClientReference = field(
  'isVenueClientReference',
  (v) => typeof v === 'string' && VENUE_CLIENT_REFERENCE.test(v),
  'must be 1 to 32 letters and digits',
  patternSchema(VENUE_CLIENT_REFERENCE, 'letters and digits'),
);
export const IsWholeNumberText = field(
  'isWholeNumberText',
  (v) => typeof v === 'string' && WHOLE_NUMBER.test(v),
  'must be a whole number as text',
  patternSchema(WHOLE_NUMBER, 'whole number as text'),
);
export const IsDestination = field(
  'isDestination',
  (v) => parseDestination(v).ok,
  'must be a destination of a known type',
  DESTINATION_SCHEMA,
);
/** Withdrawals in a report request, limited to the size of one message, each with the state known to the sender. */
export const IsReportItems = field(
  'isReportItems',
  (v) => Array.isArray(v) && v.length > 0 && v.length <= MAX_REPORT_ITEMS && v.every(isReportItem),
  `must be 1 to ${MAX_REPORT_ITEMS} withdrawals, each with a state`,
  listSchema(REPORT_ITEM_SCHEMA, 1, MAX_REPORT_ITEMS),
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
  listSchema(UUID_SCHEMA, 0, MAX_REPORT_ITEMS),
);

/** Up to 500 orders sent to a venue. */
export const IsSentItems = field(
  'isSentItems',
  (v) => Array.isArray(v) && v.length > 0 && v.length <= 500 && v.every(isSentItem),
  'must be 1 to 500 orders as they were sent',
  listSchema(SENT_ITEM_SCHEMA, 1, MAX_REPORT_ITEMS),
);

function isSentItem(item: unknown): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const { withdrawalId, accountId, asset, amount, recipientDigest, digest } = item as Record<
    string,
    unknown
  >;
  const isHash = (v: unknown) => typeof v === 'string' && HASH.test(v);
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

/** Up to 200 payments of a venue's record, or none. */
export const IsVenuePayments = field(
  'isVenuePayments',
  (v) => Array.isArray(v) && v.length <= MAX_VENUE_PAYMENTS && v.every(isVenuePayment),
  `must be at most ${MAX_VENUE_PAYMENTS} payments of a venue`,
  listSchema(VENUE_PAYMENT_SCHEMA, 0, MAX_VENUE_PAYMENTS),
);

function isVenuePayment(item: unknown): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const { record, clientReference, payment, withdrawalId, madeAt, closed } = item as Record<
    string,
    unknown
  >;
  const isTextOrNull = orNull(isText(LONGEST_PAYMENT));
  return (
    isText(LONGEST_PAYMENT)(record) &&
    isTextOrNull(clientReference) &&
    isTextOrNull(payment) &&
    (withdrawalId === undefined || (typeof withdrawalId === 'string' && UUID.test(withdrawalId))) &&
    typeof madeAt === 'string' &&
    TIME.test(madeAt) &&
    typeof closed === 'boolean'
  );
}
