import { dearest, type Fees } from './fees.js';
import { leastFeesIn, type NodeErrorClass } from './node-errors.js';

/** The latest answer of all nodes to a transaction that no node has taken since. */
export interface NodeRefusal {
  readonly class: RefusalClass;
  /** The text of a node. */
  readonly message: string;
  /** Number of refusals in sequence. */
  readonly times: number;
  readonly agoMs: number;
}

export type RefusalClass = Exclude<NodeErrorClass, 'already_known'>;

/**
 * Consequence of a refusal for a transaction that no node has.
 *
 * - `raise`: the next bytes offer more.
 * - `wait`: the same bytes may be taken later; bytes that are stuck offer more.
 * - `wait_only`: no fee helps.
 */
type Consequence = 'raise' | 'wait' | 'wait_only';

const CONSEQUENCES: Readonly<Record<RefusalClass, Consequence>> = {
  underpriced: 'raise',
  crowded: 'wait',
  unclear: 'wait',
  insufficient_funds: 'wait_only',
  nonce_too_low: 'wait_only',
  nonce_too_high: 'wait_only',
  invalid: 'wait_only',
};

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

interface RefusedTransaction extends Fees {
  readonly refusal?: NodeRefusal;
}

/** Decides whether a refused transaction shall offer more. */
export function mustRaise({ class: why }: NodeRefusal, isStuck: boolean): boolean {
  const consequence = CONSEQUENCES[why];
  return consequence === 'raise' || (consequence === 'wait' && isStuck);
}

/**
 * True if the pause since the last refusal is over. The pause doubles with each refusal of any
 * transaction of the nonce: nodes with a strange demand see few bytes, and few raised fees.
 */
export function isPauseOver(
  transactions: readonly RefusedTransaction[],
  { agoMs }: NodeRefusal,
): boolean {
  const times = transactions.reduce((sum, { refusal }) => sum + (refusal?.times ?? 0), 0);
  return agoMs >= Math.min(FIRST_PAUSE_MS * 2 ** (times - 1), LONGEST_PAUSE_MS);
}

/** The least fees that the refusals of a nonce name; zero where none is named. */
export function leastFees(transactions: readonly RefusedTransaction[]): Fees {
  const none = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
  const named = transactions.flatMap(({ refusal }) =>
    refusal?.class === 'underpriced' ? [leastFeesIn(refusal.message)] : [],
  );
  return dearest(none, ...named);
}
