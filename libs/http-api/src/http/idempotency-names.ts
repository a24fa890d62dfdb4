import { isNear, lettersOf } from './misspelt.js';

/** Words before the last word of a name such as `merchant_order_id` or `X-Client-Request-Id`. */
const OWNER =
  'x|client|cl|customer|merchant|user|partner|sender|external|ext|foreign|custom|my|our|your|own|out|origin|original|unique|internal|system|bank|invoice|account|payer';
const SUBJECT =
  'order|ord|request|req|withdraw|withdrawal|wd|payout|payment|transfer|transaction|tx|trx|trade|operation|biz|item';
const NUMBER = 'id|oid|no|num|number|nr|key|uuid|guid';

/**
 * Names of an idempotency key in other APIs, in lower-case letters and digits: an order's number, a
 * reference, or a client's own id.
 */
const OF_OTHERS = [
  new RegExp(`^(?:${OWNER}|${SUBJECT})*(?:${SUBJECT})(?:${NUMBER})$`),
  new RegExp(`^(?:${OWNER}|${SUBJECT})*(?:reference|ref)(?:${NUMBER}|code)?$`),
  /^(?:x|client|cl|external|ext|foreign|custom|unique|own|my|our)+(?:id|oid|wid|uuid|guid|key)$/,
  /^(?:sequence|tracking)id$/,
  /^(?:x|client)*(?:idem|dedup|dedupe|deduplication)(?:id|key|token)?$/,
];
const LONGEST_WORD = 40;

/**
 * True if a field's name means an idempotency key. A key under an unread name protects nothing: each
 * retry would pay again.
 */
export function meansIdempotencyKey(letters: string): boolean {
  return isSpeltLikeIdempotency(letters) || OF_OTHERS.some((form) => form.test(letters));
}

/**
 * Returns the name of a header that resembles `Idempotency-Key`, in any spelling but the right one;
 * undefined: none. Proxies add `X-Request-Id` by themselves: the name is no such header.
 */
export function nearIdempotencyHeader(names: readonly string[]): string | undefined {
  return names.find((name) => {
    const letters = lettersOf(name).replace(/^x(?=.)/, '');
    if (name.toLowerCase() === 'idempotency-key' || letters.length > LONGEST_WORD) return false;
    return isSpeltLikeIdempotency(letters) || isNear('clientreference', letters);
  });
}

function isSpeltLikeIdempotency(letters: string): boolean {
  return /idempot/.test(letters) || isNear('idempotencykey', letters.replace(/^x/, ''));
}
