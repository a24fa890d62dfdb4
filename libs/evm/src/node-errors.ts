import { dearest, type Fees } from './fees.js';
import { unitsOf, weiOfGwei } from './chain-settings.js';

/** Class of a node's refusal. Proves nothing about earlier sends or other nodes. */
export type NodeErrorClass =
  /** The same transaction is already in a pool or in a block. */
  | 'already_known'
  /** The nonce is used, by a transaction of ours or by a foreign transaction. */
  | 'nonce_too_low'
  /** A lower nonce is missing, and this node keeps no transactions after a gap. */
  | 'nonce_too_high'
  /** Another transaction with this nonce is in the pool and pays about as much; or less is offered than a block or the node takes. */
  | 'underpriced'
  /** The pool has no place now: the pool is full, or its limit for the sender is reached. */
  | 'crowded'
  /** The sender's balance is below gas limit × fee plus the transferred amount. */
  | 'insufficient_funds'
  /** No block or pool of this node ever takes these bytes: wrong chain, wrong gas limit, or malformed. */
  | 'invalid'
  /** An unknown text proves no fact. */
  | 'unclear';

/**
 * By text, because codes differ between nodes. Read or measured for anvil, hardhat, ganache, geth,
 * Erigon, Nethermind, Besu, Reth, OpenEthereum. The first match counts.
 */
const TEXTS: readonly (readonly [RegExp, NodeErrorClass])[] = [
  [
    /already (known|imported|exists|in (the )?(mem|tx)?pool)|(?<!un)known transaction|existing tx with same hash/i,
    'already_known',
  ],
  [
    /nonce (is |was )?(too|to) low|old nonce|nonce has already been used|nonce \S+ is (less|lower) than|stale nonce/i,
    'nonce_too_low',
  ],
  [
    /in-?flight transaction limit|delegated account|delegator has pending|current nonce for delegation|pool (is |size |account )?(full|overflow|limit|constraints)|sub-?pool is full|discarded outright|too many (pending |queued )?transactions|pending ?txs? limit|account (slots|limit) exceeded|(slots|capacity) (for|of) (the )?sender/i,
    'crowded',
  ],
  [/nonce (is |was )?too (high|distant|far)|nonce gap|gapped.nonce/i, 'nonce_too_high'],
  [
    /insufficient ?(funds|balance)|(enough|lack of) funds|up-?front cost|balance (is )?too low/i,
    'insufficient_funds',
  ],
  [
    /priority fee per gas (is )?(higher|greater|exceeds)|tip (cap )?(is )?(higher|greater|above)|fee .*exceeds the configured cap|(fee|value|256 bits?) .*overflow/i,
    'invalid',
  ],
  [
    /underpriced|replacement ?(is )?not allowed|could not replace|less than block base fee|below (the )?(current )?(block )?base fee|too low priority|insufficient fee|fee too low|minimum needed/i,
    'underpriced',
  ],
  [/invalid chain|wrong chain|chain ?id|incompatible eip-?155|replay.protected/i, 'invalid'],
  [
    /intrinsic gas|gas (limit )?(is )?too low(?!.*price)|requires at least \d+ gas|block gas limit|gas limit (is )?too high|rlp|invalid (sender|signature|transaction|tx)\b|oversized|tx too large|(unsupported|unknown|invalid) (tx|transaction) ?type|type (is )?not (supported|valid)|(failed|unable) to decode|could not decode|malformed|unmarshal|sender (is|not) (a )?(an )?(contract|eoa)|init ?code/i,
    'invalid',
  ],
  [
    /(fee|tip|gas ?price|priority)\b.*\b(too (low|small)|below|less than|lower than|at least|minimum|minimal|required)/i,
    'underpriced',
  ],
  [
    /\b(too (low|small)|below|less than|lower than|at least|minimum|minimal|increas(e|ing))\b.*\b(fee|tip|gas ?price)/i,
    'underpriced',
  ],
];

/** Classifies the JSON-RPC error message of a failed `eth_sendRawTransaction`. */
export function classOfNodeError(message: string): NodeErrorClass {
  const words = inWords(message);
  return TEXTS.find(([text]) => text.test(words))?.[1] ?? 'unclear';
}

const NUMBER = /(0x[\da-f]+|\d[\d,_]*(?:\.\d+)?)(?: ?(gwei))?/gi;
const MINIMUM =
  /needed|needs?\b|minim(um|al)|\bmin\b|at least|(higher|greater) than|required|must be|base ?fee|<=?\W*$/i;
/** Geth writes these words about the priority fee alone. */
const GETHS_TIP = /minimum needed\W*$/i;
/** The field that a number is about. */
const FIELD = /(priority(?: ?fee)?|\btips?\b)|(base ?fee|max ?fee|fee|gas ?price)/gi;

/** Least fees that a refusal names as a minimum, in wei per unit of gas; zero if none. */
export function leastFeesIn(message: string): Fees {
  const words = inWords(message).replace(/0x[\da-f]{40,}/gi, '');
  const least = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
  let [from, field]: [number, keyof Fees | null] = [0, null];
  for (const found of words.matchAll(NUMBER)) {
    const before = words.slice(from, found.index);
    from = found.index + found[0].length;
    const last = [...before.matchAll(FIELD)].at(-1);
    if (last) field = last[1] === undefined ? 'maxFeePerGas' : 'maxPriorityFeePerGas';
    const wei = weiOf(found[1] ?? '', found[2] !== undefined);
    const of = GETHS_TIP.test(before) ? 'maxPriorityFeePerGas' : (field ?? 'maxFeePerGas');
    if (MINIMUM.test(before) && wei > least[of]) least[of] = wei;
  }
  return least;
}

function weiOf(number: string, isGwei: boolean): bigint {
  if (number.startsWith('0x')) return BigInt(number);
  const digits = number.replace(/[,_]/g, '');
  return (isGwei ? weiOfGwei(digits) : unitsOf(digits, 0)) ?? 0n;
}

/** `FeeTooLow` and `FEE_TOO_LOW` read like words. */
function inWords(message: string): string {
  return message.replace(/_/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2');
}

/** True if an error means a revert of the call; false for faults of the node. */
export function saysRevert(message: string): boolean {
  return /revert|invalid opcode|out of gas|always failing transaction|vm exception|execution error/i.test(
    message,
  );
}

/** The latest answer of all nodes to a transaction that no node has taken since. */
export interface NodeRefusal {
  readonly class: RefusalClass;
  readonly message: string;
  readonly times: number;
  readonly agoMs: number;
}

export type RefusalClass = Exclude<NodeErrorClass, 'already_known'>;

/**
 * For a transaction that no node has. `raise`: offer more. `wait`: the same bytes may be taken
 * later. `wait_only`: no fee helps.
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

/** True if the pause since the last refusal is over. It doubles with each refusal of the nonce. */
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
