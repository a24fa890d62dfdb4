import type { UnsentBasis } from '../authority/send-authority.js';
import type { RememberedSend } from './sent-memory.js';

/**
 * `send`: no send of the order is known or possible. `look_up`: another process, or this process
 * before its memory began, may have sent the order. `put_back`: this process sent the order, and
 * the row shows the order as unsent.
 */
export type SendVerdict = 'send' | 'look_up' | 'put_back';

/** An order about to be sent according to its row. */
interface RowToSend {
  readonly attempt: number;
  /** Valid seal of the row; null if wrong. */
  readonly unsent: { readonly basis: UnsentBasis; readonly ageMs: number } | null;
}

interface Memory {
  /** Last send of the order by this process, with its age. */
  readonly sent: (Pick<RememberedSend, 'attempt' | 'outcome'> & { readonly ageMs: number }) | null;
  /** Every send by this process in this time is remembered. */
  readonly completeForMs: number;
  /** Time for which the venue may act on a sent request. */
  readonly honouredMs: number;
}

/**
 * Maximum age of a seal. The memory of this process does not contain sends by other instances: a
 * row put back within this time may be sent again by an instance without a memory of the first
 * send.
 */
export const UNSENT_FOR_MS = 300_000;
/** The clocks of the instances follow the database's clock, with small differences. */
const CLOCKS_APART_MS = 60_000;

export function sendVerdict({ attempt, unsent }: RowToSend, memory: Memory): SendVerdict {
  const { sent, completeForMs, honouredMs } = memory;
  const isFresh =
    unsent !== null &&
    unsent.ageMs >= -CLOCKS_APART_MS &&
    unsent.ageMs <= Math.min(UNSENT_FOR_MS, completeForMs);
  if (sent === null || sent.attempt < attempt) return isFresh ? 'send' : 'look_up';
  // The row shows no trace of the send. A restored database is expected to have lost the send: its
  // rows are looked up first.
  if (unsent?.basis !== 'looked up' || unsent.ageMs >= sent.ageMs) return 'put_back';
  // a payment accepted by the venue but absent from the venue's records
  if (sent.outcome === 'accepted') return 'put_back';
  // within the honoured time `LostIntents` restores the request as unknown
  const isLookedUpLate = sent.ageMs - unsent.ageMs > honouredMs;
  return isFresh && (isLookedUpLate || sent.ageMs <= honouredMs) ? 'send' : 'look_up';
}
