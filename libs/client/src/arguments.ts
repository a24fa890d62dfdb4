import type { WithdrawalOrder } from './withdrawal.js';

const AMOUNT = /^[0-9]+(\.[0-9]+)?$/;
const LONGEST_REFERENCE = 128;

/** Validates an order at run time. Throws `TypeError` before any request is sent. */
export function checkedOrder(order: WithdrawalOrder): WithdrawalOrder {
  const { amount, client_reference }: { amount: unknown; client_reference: unknown } = order;
  if (typeof amount !== 'string' || !AMOUNT.test(amount))
    throw new TypeError(
      'amount: Input should be decimal text, like "25.00"; a number may have been rounded',
    );
  if (
    typeof client_reference !== 'string' ||
    client_reference.length === 0 ||
    [...client_reference].length > LONGEST_REFERENCE // code points, as the API counts them
  )
    throw new TypeError(
      `client_reference: Input should be text of 1 to ${LONGEST_REFERENCE} characters: without it a retry can pay twice`,
    );
  return order;
}

export function checkedId(id: unknown): number {
  if (typeof id === 'number' && Number.isSafeInteger(id) && id >= 0) return id;
  throw new TypeError('id: Input should be the id of a withdrawal, a whole number');
}

/**
 * Validates the origin of the API. A path prefix is rejected: the API does not see the prefix, and
 * the signature would not match.
 */
export function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['https:', 'http:'].includes(url.protocol))
    throw new TypeError('url: Input should begin with https://');
  if (url.pathname !== '/' || url.search !== '' || url.username !== '')
    throw new TypeError('url: Input should be an origin: no path, no query, no user');
  return url;
}

export function checkedCount(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new TypeError(`${name}: Input should be a whole number of at least ${least}`);
}

export function checkedText(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TypeError(`${name}: Input should be text`);
}
