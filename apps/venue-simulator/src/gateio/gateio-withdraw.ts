import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import { amountOf } from '../sim/accounts.js';
import { hasAddress } from '../sim/has-address.js';
import type { BookedPayment } from '../sim/payment.js';
import { customScript } from '../sim/scripts.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { invalid, optionalText, readBody, requiredAmount, requiredText } from './gateio-body.js';
import { LIMIT_EACH_TIME, type GateioCurrencies, type GateioChain } from './gateio-currencies.js';
import { errorAnswer, jsonAnswer, type GateioError } from './gateio-errors.js';
import type { GateioSettings } from './gateio-settings.js';
import type { GateioCall, GateioState } from './gateio-state.js';

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
