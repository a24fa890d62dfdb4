import { type Amount, isDecimalText, ok, refuse, type Result } from '@sluice/kernel';
import { amountOf } from '../sim/accounts.js';
import { isPlainObject } from '../sim/check.js';
import type { BybitChain, Coins } from './bybit-coins.js';
import { malformed, NOT_IN_BOOK, paramsErr, type BybitError } from './bybit-auth.js';
import type { BybitCall } from './bybit-state.js';

type BybitFields = Readonly<Record<string, unknown>>;

export interface BybitWithdrawOrder {
  readonly coin: string;
  /** Null for a transfer to a user id. */
  readonly chain: BybitChain | null;
  readonly address: string;
  readonly tag: string | null;
  readonly amount: Amount;
  readonly timestamp: number;
  readonly forceChain: 0 | 1 | 2;
  readonly feeType: 0 | 1;
  readonly requestId: string | null;
  readonly fields: BybitFields;
}

const REQUEST_ID = /^[0-9A-Za-z]{1,32}$/;
const ACCOUNTS = /^(FUND|UTA|EARN)(,(FUND|UTA|EARN)){0,2}$/;

export function readFields(call: BybitCall): Result<BybitFields, BybitError> {
  if (!call.contentType?.toLowerCase().startsWith('application/json'))
    return refuse(malformed('Content-Type must be application/json'));
  try {
    const body: unknown = JSON.parse(Buffer.from(call.body).toString('utf8'));
    if (isPlainObject(body)) return ok(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return refuse(malformed('the body must be a JSON object'));
}

export function requiredText(fields: BybitFields, name: string): Result<string, BybitError> {
  const value = fields[name];
  return typeof value === 'string' && value !== ''
    ? ok(value)
    : refuse(malformed(`${name} is required`));
}

export function readOrder(
  coins: Coins,
  fields: BybitFields,
): Result<BybitWithdrawOrder, BybitError> {
  const numbers = readNumbers(fields);
  if (!numbers.ok) return numbers;
  const paid = readCoinAndChain(coins, fields, numbers.value.forceChain);
  if (!paid.ok) return paid;
  const { coin, chain, accuracy } = paid.value;
  const address = requiredText(fields, 'address');
  if (!address.ok) return address;
  const amount = readAmount(fields['amount'], coin, accuracy);
  if (!amount.ok) return amount;
  const texts = readTexts(fields);
  if (!texts.ok) return texts;
  return ok({
    coin,
    chain,
    address: address.value,
    amount: amount.value,
    ...numbers.value,
    ...texts.value,
    fields,
  });
}

function readNumbers(
  fields: BybitFields,
): Result<Pick<BybitWithdrawOrder, 'timestamp' | 'forceChain' | 'feeType'>, BybitError> {
  const { timestamp, forceChain = 0, feeType = 0 } = fields;
  if (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp))
    return refuse(malformed('timestamp must be an integer'));
  if (forceChain !== 0 && forceChain !== 1 && forceChain !== 2)
    return refuse(malformed('forceChain must be 0, 1 or 2'));
  if (feeType !== 0 && feeType !== 1) return refuse(malformed('feeType must be 0 or 1'));
  return ok({ timestamp, forceChain, feeType });
}

function readCoinAndChain(
  coins: Coins,
  fields: BybitFields,
  forceChain: number,
): Result<{ coin: string; chain: BybitChain | null; accuracy: number }, BybitError> {
  const symbol = requiredText(fields, 'coin');
  if (!symbol.ok) return symbol;
  const coin = coins.get(symbol.value);
  if (!coin) return refuse(paramsErr('coin')); // upper case only
  if (forceChain === 2)
    return ok({
      coin: coin.coin,
      chain: null,
      accuracy: Math.max(...coin.chains.map((chain) => chain.decimals)),
    });
  const name = requiredText(fields, 'chain');
  if (!name.ok) return name;
  const chain = coin.chains.find((one) => one.chain === name.value);
  return chain ? ok({ coin: coin.coin, chain, accuracy: chain.decimals }) : refuse(NOT_IN_BOOK);
}

/** Reads the amount. A JSON number is refused, because digits may be lost already. */
function readAmount(value: unknown, coin: string, accuracy: number): Result<Amount, BybitError> {
  if (!isDecimalText(value)) return refuse(malformed('amount must be a decimal text'));
  const amount = amountOf(value, coin);
  if (!amount.isPositive()) return refuse(paramsErr('amount must be positive'));
  if (amount.decimals() > accuracy) return refuse(paramsErr(`amount accuracy is ${accuracy}`));
  return ok(amount);
}

function readTexts(
  fields: BybitFields,
): Result<Pick<BybitWithdrawOrder, 'tag' | 'requestId'>, BybitError> {
  const { tag = '', requestId = '', accountType } = fields;
  if (typeof tag !== 'string') return refuse(malformed('tag must be text'));
  if (typeof requestId !== 'string' || (requestId !== '' && !REQUEST_ID.test(requestId)))
    return refuse(malformed('requestId must be 1 to 32 letters and digits'));
  if (typeof accountType !== 'string' || !ACCOUNTS.test(accountType))
    return refuse(malformed('accountType must be FUND, UTA, EARN or a list of them'));
  return ok({ tag: tag === '' ? null : tag, requestId: requestId === '' ? null : requestId });
}
