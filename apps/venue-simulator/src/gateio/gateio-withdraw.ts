import { type Amount, isDecimalText, ok, refuse, type Result } from '@sluice/kernel';
import { amountOf } from '../sim/accounts.js';
import { isPlainObject } from '../sim/check.js';
import { hasAddress } from '../sim/coins.js';
import type { BookedPayment } from '../sim/facts.js';
import { customScript } from '../sim/payment-book.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { type GateioChain, type GateioCurrencies, LIMIT_EACH_TIME } from './gateio-currencies.js';
import { ACCOUNT_UID, errorAnswer, type GateioError, jsonAnswer } from './gateio-auth.js';
import type { GateioCall, GateioSettings, GateioState } from './gateio-state.js';

interface GateioWithdrawOrder {
  /** Texts as sent: the answer repeats them in the same case. */
  readonly currencyText: string;
  readonly chainText: string;
  readonly currency: string;
  readonly chain: GateioChain;
  readonly amount: Amount;
  readonly address: string;
  readonly memo: string | null;
  readonly clientId: string | null;
}

const CLIENT_ID = /^[0-9A-Za-z_.-]{1,32}$/;
const ADDRESS_RULE =
  'Error: only used addresses or verified addresses are allowed for api withdrawal';

/** POST /withdrawals. `amount` is gross: the fee of the chain is deducted from `amount`. */
export function withdraw(state: GateioState, call: GateioCall): SimulatedAnswer {
  const order = readOrder(state.currencies(), call);
  if (!order.ok) return errorAnswer(order.refusal);
  const refusal = refusalOf(state, order.value, call.now);
  if (refusal) return errorAnswer(refusal);

  const payment = paymentOf(state, order.value, call);
  state.record({ t: 'payment', payment });
  return jsonAnswer({
    id: payment.id,
    currency: order.value.currencyText,
    amount: payment.amount,
    address: payment.destination,
    memo: payment.memo,
    status: 'REQUEST',
    chain: order.value.chainText,
    withdraw_order_id: payment.client_id ?? '',
    fee_amount: payment.fee,
  });
}

function readOrder(
  currencies: GateioCurrencies,
  call: GateioCall,
): Result<GateioWithdrawOrder, GateioError> {
  const body = readBody(call);
  if (!body.ok) return body;
  const currencyText = requiredText(body.value, 'currency');
  if (!currencyText.ok) return currencyText;
  const currency = currencies.get(currencyText.value.toUpperCase());
  if (!currency) return refuse({ label: 'INVALID_CURRENCY', message: 'Invalid currency' });
  const chainText = requiredText(body.value, 'chain');
  if (!chainText.ok) return chainText;
  const chain = currency.chains.find((one) => one.chain === chainText.value.toUpperCase());
  if (!chain) return invalid('chain');
  const amount = requiredAmount(body.value, currency.currency, chain.decimals);
  if (!amount.ok) return amount;
  const address = requiredText(body.value, 'address');
  if (!address.ok) return address;
  if (!chain.address.test(address.value)) return invalid('address');
  const memo = optionalText(body.value, 'memo');
  if (!memo.ok) return memo;
  const clientId = optionalText(body.value, 'withdraw_order_id');
  if (!clientId.ok || (clientId.value !== null && !CLIENT_ID.test(clientId.value))) {
    return refuse({ label: 'INVALID_CLIENT_ORDER_ID', message: 'Invalid withdraw_order_id' });
  }
  return ok({
    currencyText: currencyText.value,
    chainText: chainText.value,
    currency: currency.currency,
    chain,
    amount: amount.value,
    address: address.value,
    memo: memo.value,
    clientId: clientId.value,
  });
}

function refusalOf(
  { book, accounts, settings }: GateioState,
  order: GateioWithdrawOrder,
  now: number,
): GateioError | null {
  const { currency, chain, amount, clientId } = order;
  if (chain.closed)
    return { label: 'API_WITHDRAW_DISABLED', message: `Withdrawals of ${currency} are suspended` };
  if (!addressAllowed(settings(), order))
    return { label: 'INVALID_PARAM_VALUE', message: ADDRESS_RULE };
  if (
    clientId !== null &&
    settings().duplicate_client_id === 'refuse' &&
    book.ofClientId(clientId).length > 0
  ) {
    return { label: 'DUPLICATE_REQUEST', message: 'Duplicate withdraw_order_id' };
  }
  if (
    amount.lessThan(amountOf(chain.minimum, currency)) ||
    !amountOf(chain.fee, currency).lessThan(amount)
  ) {
    return { label: 'AMOUNT_TOO_LITTLE', message: `Minimum withdrawal amount is ${chain.minimum}` };
  }
  if (amountOf(LIMIT_EACH_TIME, currency).lessThan(amount))
    return { label: 'AMOUNT_TOO_MUCH', message: `Maximum withdrawal amount is ${LIMIT_EACH_TIME}` };
  if (accounts.of(currency, now).lessThan(amount))
    return { label: 'BALANCE_NOT_ENOUGH', message: 'Not enough balance' };
  return null;
}

function addressAllowed(
  settings: GateioSettings,
  { currency, chain, address }: GateioWithdrawOrder,
): boolean {
  if (hasAddress(settings.refused_addresses, address)) return false;
  if (!settings.saved_addresses_only) return true;
  return settings.saved_addresses.some(
    (saved) =>
      saved.verified === '1' &&
      saved.currency.toUpperCase() === currency &&
      saved.chain.toUpperCase() === chain.chain &&
      hasAddress([saved.address], address),
  );
}

function paymentOf(
  { book, settings }: GateioState,
  order: GateioWithdrawOrder,
  call: GateioCall,
): BookedPayment {
  const rejected = hasAddress(settings().rejected_addresses, order.address);
  return {
    id: `w${book.nextId()}`,
    kind: 'chain',
    client_id: order.clientId,
    currency: order.currency,
    chain: order.chain.chain,
    destination: order.address,
    memo: order.memo,
    amount: order.amount.toString(),
    fee: order.chain.fee,
    net_amount: order.amount.minus(amountOf(order.chain.fee, order.currency)).toString(),
    created_at: call.now,
    script:
      customScript(settings().scripts, order.address) ??
      (rejected ? 'withdrawal_rejected' : call.goesBack ? 'withdrawal_going_back' : 'withdrawal'),
  };
}

interface PushOrder {
  readonly currency: string;
  readonly amount: Amount;
  readonly receiver: string;
}

/** POST /withdrawals/push: to another user, free of charge, and without any id of the client's. */
export function push(state: GateioState, call: GateioCall): SimulatedAnswer {
  const { book, accounts, settings, record } = state;
  const order = readPushOrder(state.currencies(), call);
  if (!order.ok) return errorAnswer(order.refusal);
  const { currency, amount, receiver } = order.value;
  if (receiver === ACCOUNT_UID || hasAddress(settings().refused_addresses, receiver)) {
    return errorAnswer({
      label: 'INVALID_PARAM_VALUE',
      message: 'Invalid parameter value: receive_uid',
    });
  }
  if (accounts.of(currency, call.now).lessThan(amount))
    return errorAnswer({ label: 'BALANCE_NOT_ENOUGH', message: 'Not enough balance' });

  const id = book.nextShortId();
  const refused = hasAddress(settings().rejected_addresses, receiver);
  record({
    t: 'payment',
    payment: {
      id: `${id}`,
      kind: 'account',
      client_id: null,
      currency,
      chain: null,
      destination: receiver,
      memo: null,
      amount: amount.toString(),
      fee: '0',
      net_amount: amount.toString(),
      created_at: call.now,
      script:
        customScript(settings().scripts, receiver) ??
        (refused ? 'push_refused' : call.goesBack ? 'push_going_back' : 'push'),
    },
  });
  return jsonAnswer({ id });
}

function readPushOrder(
  currencies: GateioCurrencies,
  call: GateioCall,
): Result<PushOrder, GateioError> {
  const body = readBody(call);
  if (!body.ok) return body;
  const receiver = readUid(body.value['receive_uid']);
  if (!receiver.ok) return receiver;
  const currencyText = requiredText(body.value, 'currency');
  if (!currencyText.ok) return currencyText;
  const currency = currencies.get(currencyText.value.toUpperCase());
  if (!currency) return refuse({ label: 'INVALID_CURRENCY', message: 'Invalid currency' });
  const amount = requiredAmount(
    body.value,
    currency.currency,
    Math.max(...currency.chains.map((chain) => chain.decimals)),
  );
  if (!amount.ok) return amount;
  return ok({ currency: currency.currency, amount: amount.value, receiver: receiver.value });
}

/** Reads a user id, an int64 in the API: a safe integer or text. */
function readUid(value: unknown): Result<string, GateioError> {
  if (value === undefined || value === null || value === '')
    return refuse({
      label: 'MISSING_REQUIRED_PARAM',
      message: 'Missing required parameter: receive_uid',
    });
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0)
    return ok(String(value));
  if (typeof value === 'string' && /^[1-9][0-9]{0,18}$/.test(value)) return ok(value);
  return invalid('receive_uid');
}

type GateioFields = Readonly<Record<string, unknown>>;

function readBody(call: GateioCall): Result<GateioFields, GateioError> {
  if (!call.contentType?.toLowerCase().startsWith('application/json'))
    return refuse({
      label: 'INVALID_CONTENT_TYPE',
      message: 'Content-Type must be application/json',
    });
  try {
    const body: unknown = JSON.parse(Buffer.from(call.body).toString('utf8'));
    if (isPlainObject(body)) return ok(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return refuse({ label: 'INVALID_REQUEST_BODY', message: 'Invalid request body' });
}

function requiredText(fields: GateioFields, name: string): Result<string, GateioError> {
  const value = fields[name];
  if (value === undefined || value === null || value === '')
    return refuse({
      label: 'MISSING_REQUIRED_PARAM',
      message: `Missing required parameter: ${name}`,
    });
  if (typeof value !== 'string') return invalid(name);
  return ok(value);
}

/** Reads an optional text field; absent, null and empty have the same meaning. */
function optionalText(fields: GateioFields, name: string): Result<string | null, GateioError> {
  const value = fields[name] ?? '';
  return typeof value === 'string' ? ok(value === '' ? null : value) : invalid(name);
}

/** A positive decimal text of at most `decimals` places. A JSON number is refused: its digits may be lost already. */
function requiredAmount(
  fields: GateioFields,
  currency: string,
  decimals: number,
): Result<Amount, GateioError> {
  const text = requiredText(fields, 'amount');
  if (!text.ok) return text;
  if (!isDecimalText(text.value)) return invalid('amount');
  const amount = amountOf(text.value, currency);
  if (!amount.isPositive()) return invalid('amount');
  if (amount.decimals() > decimals)
    return refuse({
      label: 'INVALID_PRECISION',
      message: `amount precision is limited to ${decimals}`,
    });
  return ok(amount);
}

export function invalid(name: string): Result<never, GateioError> {
  return refuse({ label: 'INVALID_PARAM_VALUE', message: `Invalid parameter value: ${name}` });
}
