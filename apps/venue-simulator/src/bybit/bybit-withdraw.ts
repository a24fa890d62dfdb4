import type { Amount } from '@sluice/kernel';
import { amountOf } from '../sim/accounts.js';
import { hasAddress } from '../sim/coins.js';
import type { BookedPayment } from '../sim/facts.js';
import { customScript } from '../sim/payment-book.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import type { BybitChain } from './bybit-coins.js';
import {
  ACCOUNT_UID,
  BAD_ADDRESS,
  type BybitError,
  errorAnswer,
  NOT_IN_BOOK,
  paramsErr,
  success,
  tooManyVisits,
} from './bybit-auth.js';
import {
  type BybitCall,
  type BybitSettings,
  type BybitState,
  CANCELLABLE,
  limitHeaders,
} from './bybit-state.js';
import { type BybitWithdrawOrder, readFields, readOrder, requiredText } from './bybit-order.js';
import { travelRuleFault } from './bybit-travel-rule.js';

const UID = /^[1-9][0-9]{4,11}$/;

interface Terms {
  /** A user id for a transfer inside the venue. */
  readonly internalUid: string | null;
  /** Fee included. */
  readonly gross: Amount;
  readonly fee: Amount;
  readonly net: Amount;
}

export function withdraw(state: BybitState, call: BybitCall): SimulatedAnswer {
  const fields = readFields(call);
  if (!fields.ok) return errorAnswer(fields.refusal);
  const order = readOrder(state.coins(), fields.value);
  if (!order.ok) return errorAnswer(order.refusal);
  return take(state, order.value, call);
}

function take(state: BybitState, order: BybitWithdrawOrder, call: BybitCall): SimulatedAnswer {
  const settings = state.settings();
  if (Math.abs(order.timestamp - state.clock.ofRequests()) > settings.body_timestamp_window_ms)
    return errorAnswer(paramsErr('timestamp out of invalid window'));
  const repeated = repeat(state, order);
  if (repeated) return repeated;
  const fault = destinationFault(settings, order) ?? travelRuleFault(order.fields, settings.site);
  if (fault) return errorAnswer(fault);
  const terms = termsOf(settings, order);
  const refusal = amountFault(order, terms) ?? fundsFault(state, order, terms, call.now);
  if (refusal) return errorAnswer(refusal);
  const tooSoon = pairRefusal(state, order, call.now);
  if (tooSoon) return tooSoon;

  const payment = paymentOf(state, order, terms, call);
  state.record({ t: 'payment', payment });
  return success({ id: payment.id });
}

/** Answers a repeated requestId. The real behaviour is undocumented: the settings choose. */
function repeat(
  { book, settings }: BybitState,
  { requestId }: BybitWithdrawOrder,
): SimulatedAnswer | null {
  const [first] = requestId === null ? [] : book.ofClientId(requestId);
  const behaviour = settings().duplicate_client_id;
  if (!first || behaviour === 'create') return null;
  return behaviour === 'replay'
    ? success({ id: first.payment.id })
    : errorAnswer({ code: 10014, message: 'Duplicate request' });
}

function destinationFault(settings: BybitSettings, order: BybitWithdrawOrder): BybitError | null {
  const { chain, address, tag } = order;
  if (chain === null) {
    if (address === ACCOUNT_UID)
      return { code: 131075, message: 'Internal transfer to yourself is not allowed' };
    if (!UID.test(address) || hasAddress(settings.refused_addresses, address))
      return { code: 131077, message: 'The user does not exist' };
  } else {
    if (chain.closed)
      return { code: 131097, message: 'Withdrawals of this coin are closed on this chain' };
    if (!chain.address.test(address)) return BAD_ADDRESS;
    if (tag !== null && !chain.hasTag)
      return { code: 131081, message: 'No memo is needed for this address' };
    if (hasAddress(settings.refused_addresses, address))
      return { code: 131066, message: 'The address is not supported for now' };
  }
  return settings.address_book_only ? bookFault(settings, order) : null;
}

/** Compared letter by letter: another case of a hexadecimal address is another address. */
function bookFault(
  { address_book: book }: BybitSettings,
  { coin, chain, address, tag }: BybitWithdrawOrder,
): BybitError | null {
  const entry = book.find(
    (one) =>
      one.address === address &&
      [coin, 'baseCoin'].includes(one.coin) &&
      (chain === null || one.coin === 'baseCoin' || one.chain === chain.chain),
  );
  if (!entry || entry.tag !== (tag ?? '')) return NOT_IN_BOOK;
  return entry.status === 1
    ? { code: 131098, message: 'The address is new and cannot be used yet' }
    : null;
}

/** `feeType` 0: the fee is added. 1: deducted. Transfers inside are free. */
function termsOf(
  settings: BybitSettings,
  { coin, chain, address, amount, feeType, forceChain }: BybitWithdrawOrder,
): Terms {
  const internalUid =
    chain === null
      ? address
      : forceChain === 0
        ? (settings.internal_addresses[address] ?? null)
        : null;
  if (chain === null || internalUid !== null)
    return { internalUid, gross: amount, fee: amountOf('0', coin), net: amount };
  const fixed = amountOf(chain.fee, coin);
  const { inside, onTop } = chain.percentage;
  if (feeType === 0) {
    const fee = amount.percent(onTop).plus(fixed).roundedUp(chain.decimals);
    return { internalUid, gross: amount.plus(fee), fee, net: amount };
  }
  const fee = amount.minus(fixed).percent(inside).plus(fixed).roundedUp(chain.decimals);
  return { internalUid, gross: amount, fee, net: amount.minus(fee) };
}

function amountFault(
  { coin, chain, amount }: BybitWithdrawOrder,
  { net }: Terms,
): BybitError | null {
  if (!net.isPositive()) return { code: 131096, message: 'The amount does not cover the fee' };
  return chain === null ? null : limitFault(chain, amount, coin);
}

function limitFault(
  { minimum, maximum }: BybitChain,
  amount: Amount,
  coin: string,
): BybitError | null {
  if (amount.lessThan(amountOf(minimum, coin)))
    return { code: 131096, message: `The minimum of one withdrawal is ${minimum}` };
  if (maximum !== '-1' && amountOf(maximum, coin).lessThan(amount))
    return { code: 131096, message: `The maximum of one withdrawal is ${maximum}` };
  return null;
}

function fundsFault(
  { accounts }: BybitState,
  { coin }: BybitWithdrawOrder,
  { gross }: Terms,
  now: number,
): BybitError | null {
  return accounts.of(coin, now).lessThan(gross)
    ? { code: 131001, message: 'Insufficient balance' }
    : null;
}

/** Bybit takes one withdrawal of a coin and chain in ten seconds; the settings choose the refusal code. */
function pairRefusal(
  { limiter, settings }: BybitState,
  { coin, chain }: BybitWithdrawOrder,
  now: number,
): SimulatedAnswer | null {
  const { rate_limits: limits, pair_limit_code: code } = settings();
  if (!limits.enabled) return null;
  const verdict = limiter.take(`pair ${coin} ${chain?.chain ?? ''}`, limits.pair, now);
  if (verdict.allowed) return null;
  return code === 10006
    ? tooManyVisits(limitHeaders(verdict, now))
    : errorAnswer({ code, message: 'Please do not repeat the request' });
}

function paymentOf(
  { book, settings }: BybitState,
  order: BybitWithdrawOrder,
  { internalUid, gross, fee, net }: Terms,
  call: BybitCall,
): BookedPayment {
  return {
    id: `${book.nextId()}`,
    kind: internalUid === null ? 'chain' : 'account',
    client_id: order.requestId,
    currency: order.coin,
    chain: order.chain?.chain ?? null,
    destination: internalUid ?? order.address,
    memo: order.tag,
    amount: gross.toString(),
    fee: fee.toString(),
    net_amount: net.toString(),
    created_at: call.now,
    script:
      customScript(settings().scripts, order.address) ??
      scriptNameFor(settings(), order.address, internalUid !== null, call.goesBack),
  };
}

function scriptNameFor(
  settings: BybitSettings,
  address: string,
  internal: boolean,
  goesBack: boolean,
): string {
  if (hasAddress(settings.rejected_addresses, address)) return 'rejected';
  if (internal) return goesBack ? 'internal_going_back' : 'internal';
  if (hasAddress(settings.failed_addresses, address)) return 'withdrawal_failed';
  if (hasAddress(settings.questioned_addresses, address)) return 'withdrawal_questioned';
  return goesBack ? 'withdrawal_going_back' : 'withdrawal';
}

/** POST /v5/asset/withdraw/cancel: a success may contain status 0, a refusal. */
export function cancel({ book, record }: BybitState, call: BybitCall): SimulatedAnswer {
  const fields = readFields(call);
  if (!fields.ok) return errorAnswer(fields.refusal);
  const id = requiredText(fields.value, 'id');
  if (!id.ok) return errorAnswer(id.refusal);
  const entry = book.find(id.value);
  if (!entry) return errorAnswer(paramsErr('the withdrawal does not exist'));
  if (!CANCELLABLE.includes(book.statusOf(entry, call.now)))
    return { ...success({ status: 0 }), refused: true };

  record({ t: 'turned', id: entry.payment.id, script: 'cancelled', at: call.now });
  return success({ status: 1 });
}
