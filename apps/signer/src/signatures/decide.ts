import { isSameAddress } from '@sluice/evm';
import { Amount } from '@sluice/kernel';
import type { SignerRefusal } from '@sluice/signer-api';
import type { SigningBook, SignedNonce } from './book.js';
import type { Spending } from './caps.js';
import type { SignatureOrder } from './order.js';

/**
 * Maximum distance between the open nonces of an address. An unsigned nonce further below the
 * highest nonce counts as final, because the signer sees no chain. The nonces of an address without
 * signatures begin at the configured first nonce.
 */
export const NONCE_WINDOW = 512n;

/**
 * Decides whether the order may be signed in the state of the book, and assigns the nonce if
 * allowed. Returns the refusal, or null.
 *
 * @param isSigned The order is charged no further, but the nonce must still belong to the order:
 *   two withdrawals may request the same transfer, byte for byte.
 */
export function decide(
  book: SigningBook,
  order: SignatureOrder,
  isSigned = false,
): SignerRefusal | null {
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
  book: SigningBook,
  order: SignatureOrder,
  known: SignedNonce | null,
): SignerRefusal | null {
  const { kind, transfer, withdrawalId, beginsBy } = order;
  if (withdrawalId !== null && book.isClosed(withdrawalId)) return 'withdrawal_closed';
  if (known !== null) return kind === 'void' || isSame(known, order) ? null : 'nonce_taken';
  if (withdrawalId !== null && book.ofWithdrawal(withdrawalId) !== null)
    return 'withdrawal_elsewhere';
  // An order with an assigned nonce may be finished: only a new assignment needs an unexpired
  // receipt.
  if (beginsBy !== null && beginsBy <= book.now) return 'receipt_expired';
  const highest = book.highestOf(transfer) ?? order.firstNonce - 1n;
  if (transfer.nonce > highest + NONCE_WINDOW) return 'nonce_too_high';
  // A void may fill a gap of any age, because all later nonces wait for the gap.
  return kind !== 'void' && transfer.nonce < highest - NONCE_WINDOW ? 'nonce_final' : null;
}

/** Returns true for the same purpose and transfer; the fees may differ. */
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
  book: SigningBook,
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

/** A nonce pays once, and counts at most the gas of the nonce's most expensive transaction. */
function spendingsOf(
  { kind, amount, gasCost }: SignatureOrder,
  known: SignedNonce | null,
): readonly (readonly [Spending, Amount])[] {
  const before = known?.gasCost ?? Amount.zero(gasCost.asset);
  const gas = before.lessThan(gasCost) ? [['gas', gasCost.minus(before)] as const] : [];
  if (known !== null || amount === null || kind === 'void') return gas;
  return [[kind, amount], ...gas];
}
