import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import { hasAddress } from '../sim/has-address.js';
import { customScript } from '../sim/scripts.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { invalid, readBody, requiredAmount, requiredText } from './gateio-body.js';
import type { GateioCurrencies } from './gateio-currencies.js';
import { errorAnswer, jsonAnswer, type GateioError } from './gateio-errors.js';
import { ACCOUNT_UID } from './gateio-keys.js';
import type { GateioCall, GateioState } from './gateio-state.js';

interface PushOrder {
  readonly currency: string;
  readonly amount: Amount;
  readonly receiver: string;
}

/** POST /withdrawals/push: to another user, free of charge, and without any id of the client's. */
export function push(state: GateioState, call: GateioCall): SimulatedAnswer {
  const { book, accounts, settings, record } = state;
  const order = readOrder(state.currencies(), call);
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

function readOrder(currencies: GateioCurrencies, call: GateioCall): Result<PushOrder, GateioError> {
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

/**
 * Reads a user id: an int64 in the API. JavaScript reads only safe integers; clients also send
 * text.
 */
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
