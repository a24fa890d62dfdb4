import type { Amount } from '@sluice/kernel';
import { amountOf } from '../sim/accounts.js';
import { hasAddress } from '../sim/has-address.js';
import type { BookedPayment } from '../sim/payment.js';
import { customScript } from '../sim/scripts.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { isEvm, LARGEST_AMOUNT, type BitmartNetwork } from './bitmart-currencies.js';
import { errorAnswer, okAnswer, type BitmartError } from './bitmart-errors.js';
import { ACCOUNT_CID } from './bitmart-keys.js';
import { readOrder, type Recipient, type BitmartWithdrawOrder } from './bitmart-order.js';
import type { BitmartSettings, SavedAddress } from './bitmart-settings.js';
import type { BitmartState, BitmartCall } from './bitmart-state.js';

/**
 * POST /account/v1/withdraw/apply. The API has no client id: two equal requests are two
 * withdrawals.
 */
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

/**
 * Computes the sums of an order. A transfer between users is free in the simulator; the real fee of
 * BitMart is unconfirmed.
 */
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
