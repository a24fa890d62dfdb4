import { type Amount, isDecimalText, ok, refuse, type Result } from '@sluice/kernel';
import { amountOf } from '../sim/accounts.js';
import { isPlainObject } from '../sim/check.js';
import { hasAddress } from '../sim/coins.js';
import type { BookedPayment } from '../sim/facts.js';
import { customScript } from '../sim/payment-book.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import {
  type BitmartCurrencies,
  type BitmartNetwork,
  isEvm,
  LARGEST_AMOUNT,
  networkOf,
} from './bitmart-currencies.js';
import { ACCOUNT_CID, type BitmartError, errorAnswer, okAnswer } from './bitmart-auth.js';
import type { BitmartCall, BitmartSettings, BitmartState, SavedAddress } from './bitmart-state.js';

/** POST /account/v1/withdraw/apply. Two equal requests are two withdrawals. */
export function withdraw(state: BitmartState, call: BitmartCall): SimulatedAnswer {
  const order = readOrder(state.currencies(), call.body);
  if (!order.ok) return errorAnswer(order.refusal);
  const sums = sumsOf(state.settings(), order.value);
  const refusal =
    networkRefusal(order.value) ??
    recipientRefusal(state.settings(), order.value) ??
    amountRefusal(state, order.value, sums, call.now);
  if (refusal) return errorAnswer(refusal);

  const payment = paymentOf(state, order.value, sums, call);
  state.record({ t: 'payment', payment });
  return okAnswer({ withdraw_id: payment.id });
}

interface Sums {
  readonly taken: Amount;
  readonly fee: Amount;
  readonly received: Amount;
}

/** Sums of an order. Transfers between users are free here; unconfirmed. */
function sumsOf(
  { amount_is }: BitmartSettings,
  { network, amount, recipient }: BitmartWithdrawOrder,
): Sums {
  const fee = amountOf(recipient.kind === 'chain' ? network.fee : '0', network.currency);
  return amount_is === 'gross'
    ? { taken: amount, fee, received: amount.minus(fee) }
    : { taken: amount.plus(fee), fee, received: amount };
}

function networkRefusal({ network }: BitmartWithdrawOrder): BitmartError | null {
  if (network.notByApi) return { code: 60012 };
  return network.closed ? { code: 60004 } : null;
}

function recipientRefusal(
  settings: BitmartSettings,
  { network, recipient }: BitmartWithdrawOrder,
): BitmartError | null {
  if (recipient.kind === 'account') {
    if (recipient.value === ACCOUNT_CID) return { code: 60065 };
    return hasAddress(settings.refused_addresses, recipient.value) ? { code: 60053 } : null;
  }
  if (
    !network.address.test(recipient.address) ||
    hasAddress(settings.refused_addresses, recipient.address)
  )
    return { code: 60011 };
  if (recipient.memo !== null && !network.hasTag) return { code: 60014 };
  if (!settings.saved_addresses_only) return null;
  const found = settings.saved_addresses.filter((saved) => isSavedFor(saved, network, recipient));
  if (found.length === 0) return { code: 60007 };
  return found.some((saved) => saved.verifyStatus === 1) ? null : { code: 60015 };
}

function isSavedFor(
  saved: SavedAddress,
  network: BitmartNetwork,
  recipient: Extract<Recipient, { kind: 'chain' }>,
): boolean {
  if (!hasAddress([saved.address], recipient.address) || saved.memo !== (recipient.memo ?? ''))
    return false;
  if (saved.addressType === 2) return isEvm(network);
  if (saved.network !== network.chain) return false;
  return (
    saved.addressType === 1 ||
    saved.currency === network.id ||
    network.aliases.includes(saved.currency)
  );
}

function amountRefusal(
  { accounts }: BitmartState,
  { network, amount }: BitmartWithdrawOrder,
  sums: Sums,
  now: number,
): BitmartError | null {
  const { currency, decimals, multiple, minimum } = network;
  if (amount.decimals() > decimals) return { code: 60006, detail: decimals };
  if (multiple !== null && amount.decimals() > amountOf(multiple, currency).decimals())
    return { code: 60013, detail: multiple };
  if (amount.lessThan(amountOf(minimum, currency)) || !sums.received.isPositive())
    return { code: 60005, detail: minimum };
  if (amountOf(LARGEST_AMOUNT, currency).lessThan(amount)) return { code: 60009 };
  return accounts.of(currency, now).lessThan(sums.taken) ? { code: 60008 } : null;
}

function paymentOf(
  { book, settings }: BitmartState,
  { network, recipient }: BitmartWithdrawOrder,
  sums: Sums,
  call: BitmartCall,
): BookedPayment {
  const destination = recipient.kind === 'chain' ? recipient.address : recipient.value;
  const { rejected_addresses, cancelled_addresses, scripts } = settings();
  const kind = recipient.kind === 'chain' ? 'withdrawal' : 'transfer';
  const ending = hasAddress(rejected_addresses, destination)
    ? '_failed'
    : hasAddress(cancelled_addresses, destination)
      ? '_cancelled'
      : '';
  return {
    id: `${book.nextId()}`,
    kind: recipient.kind,
    client_id: null,
    currency: network.currency,
    chain: network.chain,
    destination,
    memo: recipient.kind === 'chain' ? recipient.memo : null,
    amount: sums.taken.toString(),
    fee: sums.fee.toString(),
    net_amount: sums.received.toString(),
    created_at: call.now,
    script:
      customScript(scripts, destination) ??
      kind + (ending === '' && call.goesBack ? '_going_back' : ending),
  };
}

/** Recipient of the withdrawal; the chain form has priority if a body contains both forms. */
type Recipient =
  { kind: 'chain'; address: string; memo: string | null } | { kind: 'account'; value: string };

interface BitmartWithdrawOrder {
  readonly network: BitmartNetwork;
  readonly amount: Amount;
  readonly recipient: Recipient;
}

type BitmartFields = Readonly<Record<string, unknown>>;

const INVALID: BitmartError = { code: 60000 };
const TYPES: readonly unknown[] = [1, 2, 3];
const PHONE = 3;

/** Reads an order. Unknown fields are ignored. */
function readOrder(
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
