export const NOT_CLAIMED =
  'u.closed_at IS NULL AND NOT EXISTS (SELECT FROM submission c WHERE c.venue_reference = u.venue_reference)';

/**
 * True for a record `u` with currency and amount of the order but without a recipient, such as a
 * transfer to a phone. Only a person can exclude it. The condition holds for a week.
 */
export const NAMES_NO_RECIPIENT = `
  (u.equality_keys @> ARRAY[split_part(s.equality_key, ' ', 1) || ' ' || split_part(s.equality_key, ' ', 2) || ' ?' || s.form]
   AND u.seen_at > clock_timestamp() - interval '7 days')`;

/** A record with a derived reference never belongs to an order with a different derived reference. */
const OF_CLIENT = "~ '^c[0-9A-Za-z]{22,31}$'";
/** Currency, amount and recipient of the order `s`. */
const PAYMENT = 'coalesce(s.payment_key, s.equality_key)';
export const PAYS_THE_SAME = `
  (u.equality_keys @> ARRAY[${PAYMENT}] AND NOT (coalesce(u.client_reference, '') ${OF_CLIENT} AND s.client_reference ${OF_CLIENT}))`;

const partSql = (place: number) => `split_part(${PAYMENT}, ' ', ${place})`;
const [OF_CURRENCY, OF_AMOUNT, OF_RECIPIENT] = [partSql(1), partSql(2), partSql(3)];
const [UNREAD, UNREAD_RECIPIENT] = [`'?'`, `'?' || s.form`];
const OPEN_KEYS = [
  [UNREAD, OF_AMOUNT, OF_RECIPIENT],
  [OF_CURRENCY, UNREAD, OF_RECIPIENT],
  [UNREAD, UNREAD, OF_RECIPIENT],
  [UNREAD, OF_AMOUNT, UNREAD_RECIPIENT],
  [OF_CURRENCY, UNREAD, UNREAD_RECIPIENT],
  [UNREAD, UNREAD, UNREAD_RECIPIENT],
]
  .map((key) => key.join(` || ' ' || `))
  .join(', ');

/** True for a record `u` with an unreadable currency, amount or recipient, and the order's other fields. */
export const LEAVES_OPEN = `(u.equality_keys && ARRAY[${OPEN_KEYS}])`;

/**
 * True for a record `u` that may be of the order `s` because fields are unreadable. An order
 * younger than the first sighting is not paid by the record.
 */
export const MAY_PAY_THE_SAME = `
  (${LEAVES_OPEN} AND coalesce(s.ordered_at <= u.seen_at + interval '10 seconds', true) AND u.seen_at > clock_timestamp() - interval '7 days')`;

/**
 * True for an unclaimed record `u` matching the order `s` (or an equal order) by fields or
 * reference.
 */
export const FITS_ORDER = `((u.client_reference = s.client_reference OR ${PAYS_THE_SAME}) AND ${NOT_CLAIMED})`;

/** True for an unclaimed record `u` possibly of the order `s`. */
export const MAY_BE_OF_ORDER = `((u.client_reference = s.client_reference OR ${PAYS_THE_SAME} OR ${NAMES_NO_RECIPIENT} OR ${MAY_PAY_THE_SAME}) AND ${NOT_CLAIMED})`;

/** True for an order `s` with a possible unclaimed record. */
export const MAY_BE_UNCLAIMED = `
  (EXISTS (SELECT FROM unclaimed_record any_open WHERE any_open.closed_at IS NULL)
   AND (EXISTS (SELECT FROM unclaimed_record u WHERE u.client_reference = s.client_reference AND ${NOT_CLAIMED})
        OR EXISTS (SELECT FROM unclaimed_record u WHERE (${PAYS_THE_SAME} OR ${NAMES_NO_RECIPIENT} OR ${MAY_PAY_THE_SAME}) AND ${NOT_CLAIMED})))`;

const HAS_UNNAMED_RECORD = `EXISTS (SELECT FROM unclaimed_record u WHERE ${NAMES_NO_RECIPIENT} AND ${NOT_CLAIMED})`;
/** Each part of the OR has its partial index; a single list of all five states would scan the table. */
const IS_OPEN_WITH_AMOUNT = `
  (t.state IN ('sending','refusing','unknown','undecided') OR t.state = 'repeating') AND t.withdrawal_id <> s.withdrawal_id
  AND starts_with(t.equality_key, split_part(s.equality_key, ' ', 1) || ' ' || split_part(s.equality_key, ' ', 2) || ' ')`;

/** True for an order `s` while a request `t` of its currency and amount has no outcome: a record without a recipient may be of either. */
export const RECIPIENT_NOT_KNOWN_YET = `
  (${HAS_UNNAMED_RECORD} AND EXISTS (SELECT FROM submission t WHERE ${IS_OPEN_WITH_AMOUNT}))`;
/** True for the requests `t` of `RECIPIENT_NOT_KNOWN_YET`. */
export const SHARES_UNNAMED_RECORD = `(s.lookup_first AND ${IS_OPEN_WITH_AMOUNT} AND ${HAS_UNNAMED_RECORD})`;

/** True for a prepared submission `s` that is looked up in the venue's records before its send. */
export const LOOKED_UP_FIRST = `(s.lookup_first OR ${MAY_BE_UNCLAIMED})`;

/** True for an order `s` while an equal order waits for its look-up. */
export const EQUAL_IS_LOOKED_UP = `
  EXISTS (SELECT FROM submission t
           WHERE t.form = s.form AND t.equality_key = s.equality_key AND t.state = 'prepared' AND t.lookup_first AND t.withdrawal_id <> s.withdrawal_id)`;

/**
 * True for a prepared submission `s` possibly paid already (after a restore, or despite a rate
 * limit): neither the deadline nor a cancel request proves absence. An order new on receipt is not
 * included.
 */
export const MAY_BE_PAID = `
  (s.lookup_first AND (s.unconfirmed OR s.unknown_published OR s.attempt > 1 OR coalesce(s.ordered_at, s.created_at) < s.created_at - interval '1 minute' OR ${MAY_BE_UNCLAIMED}))`;
