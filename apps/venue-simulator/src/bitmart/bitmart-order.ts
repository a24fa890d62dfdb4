import { type Amount, isDecimalText, ok, refuse, type Result } from '@sluice/kernel';
import { amountOf } from '../sim/accounts.js';
import { isPlainObject } from '../sim/check.js';
import { networkOf, type BitmartCurrencies, type BitmartNetwork } from './bitmart-currencies.js';
import type { BitmartError } from './bitmart-errors.js';

/** Recipient of the withdrawal; the chain form has priority if a body contains both forms. */
export type Recipient =
  { kind: 'chain'; address: string; memo: string | null } | { kind: 'account'; value: string };

export interface BitmartWithdrawOrder {
  readonly network: BitmartNetwork;
  readonly amount: Amount;
  readonly recipient: Recipient;
}

type BitmartFields = Readonly<Record<string, unknown>>;

const INVALID: BitmartError = { code: 60000 };
const TYPES: readonly unknown[] = [1, 2, 3];
const PHONE = 3;

/**
 * Reads a withdrawal order. Fields unknown to the reference (`recvWindow`, a broker's fields) are
 * ignored.
 */
export function readOrder(
  currencies: BitmartCurrencies,
  body: Uint8Array,
): Result<BitmartWithdrawOrder, BitmartError> {
  const fields = readJson(body);
  if (!fields.ok) return fields;
  const { currency, amount: amountText } = fields.value;
  if (typeof currency !== 'string' || currency === '') return refuse(INVALID);
  const network = networkOf(currencies, currency);
  if (!network) return refuse({ code: 60002 });
  if (!isDecimalText(amountText)) return refuse(INVALID);
  const amount = amountOf(amountText, network.currency);
  if (!amount.isPositive()) return refuse(INVALID);
  const recipient = readRecipient(fields.value);
  return recipient ? ok({ network, amount, recipient }) : refuse(INVALID);
}

function readRecipient(fields: BitmartFields): Recipient | null {
  const { address, address_memo: memo = '', type, value, areaCode = '' } = fields;
  if (typeof address === 'string' && address !== '') {
    return typeof memo === 'string'
      ? { kind: 'chain', address, memo: memo === '' ? null : memo }
      : null;
  }
  if (
    !TYPES.includes(type) ||
    typeof value !== 'string' ||
    value === '' ||
    typeof areaCode !== 'string'
  )
    return null;
  return type === PHONE && areaCode === '' ? null : { kind: 'account', value };
}

function readJson(body: Uint8Array): Result<BitmartFields, BitmartError> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'), keepDigits);
    return isPlainObject(value) ? ok(value) : refuse(INVALID);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse({ code: 30018 });
  }
}

/** Keeps the literal digits of an amount sent as a JSON number. */
function keepDigits(key: string, value: unknown, literal?: { source?: string }): unknown {
  return key === 'amount' && typeof value === 'number' ? literal?.source : value;
}
