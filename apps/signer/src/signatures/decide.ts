import { isSameAddress } from '@sluice/evm';
import { Amount } from '@sluice/money';
import type { SignerRefusal } from '@sluice/signer-api';
import type { Book, SignedNonce } from './book.js';
import type { Spending } from './caps.js';
import type { SignatureOrder } from './order.js';

/**
 * How far the nonces of one address are apart that may be open at once. One that is further below than that and was never signed counts
 * as final: the signer sees no chain. The nonces of an address that has signed nothing begin where its settings say.
 */
export const NONCE_WINDOW = 512n;

/**
 * Whether this order may have a signature after all that the book has; gives it the nonce then. Answers why not, or null. What `isSigned`
 * costs nothing more, but it still has to be the order's: two withdrawals may ask for the very same transfer, byte for byte.
 */
export function decide(book: Book, order: SignatureOrder, isSigned = false): SignerRefusal | null {
  const known = book.at(order.transfer);
  const refusal = nonceRefusal(book, order, known);
  if (refusal !== null || isSigned) return refusal;
  const over = capRefusal(book, order, known);
  if (over !== null) return over;
  for (const [spending, amount] of spendingsOf(order, known)) book.spend(spending, amount);
  book.give(order);
  return null;
}

function nonceRefusal(
  book: Book,
  order: SignatureOrder,
  known: SignedNonce | null,
): SignerRefusal | null {
  const { kind, transfer, withdrawalId, beginsBy } = order;
  if (withdrawalId !== null && book.isClosed(withdrawalId)) return 'withdrawal_closed';
  if (known !== null) return kind === 'void' || isSame(known, order) ? null : 'nonce_taken';
  if (withdrawalId !== null && book.ofWithdrawal(withdrawalId) !== null)
    return 'withdrawal_elsewhere';
  // What has its nonce may be finished: only a beginning needs a receipt that has not ended.
  if (beginsBy !== null && beginsBy <= book.now) return 'receipt_expired';
  const highest = book.highestOf(transfer) ?? order.firstNonce - 1n;
  if (transfer.nonce > highest + NONCE_WINDOW) return 'nonce_too_high';
  // A void may fill a gap however old it is: until then everything behind it waits.
  return kind !== 'void' && transfer.nonce < highest - NONCE_WINDOW ? 'nonce_final' : null;
}

/** The same wish, whatever is offered for it now. */
function isSame(known: SignedNonce, { kind, withdrawalId, transfer }: SignatureOrder): boolean {
  const { to, token, amount } = known.transfer;
  return (
    known.kind === kind &&
    known.withdrawalId === withdrawalId &&
    isSameAddress(to, transfer.to) &&
    isSameAddress(token, transfer.token) &&
    amount === transfer.amount
  );
}

function capRefusal(
  book: Book,
  order: SignatureOrder,
  known: SignedNonce | null,
): SignerRefusal | null {
  const over = spendingsOf(order, known).find(([spending, amount]) => {
    const cap = order.caps.capOf(spending, amount.asset);
    if (cap === null) return true;
    const total = book.spentOf(spending, amount.asset).plus(amount);
    return Amount.of(cap.hour, amount.asset).lessThan(total);
  });
  if (over === undefined) return null;
  return over[0] === 'gas' ? 'gas_hour_is_full' : 'hour_is_full';
}

/** One nonce pays once, and burns as much gas as the dearest of its transactions at most. */
function spendingsOf(
  { kind, amount, gasCost }: SignatureOrder,
  known: SignedNonce | null,
): readonly (readonly [Spending, Amount])[] {
  const before = known?.gasCost ?? Amount.zero(gasCost.asset);
  const gas = before.lessThan(gasCost) ? [['gas', gasCost.minus(before)] as const] : [];
  if (known !== null || amount === null || kind === 'void') return gas;
  return [[kind, amount], ...gas];
}
