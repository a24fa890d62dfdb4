import { type Address, getAddress, type Hex, isAddressEqual, isHex, pad } from 'viem';
import type { ChainLog, Receipt } from './chain-settings.js';
import type { Fees } from './fees.js';

/** The only kind of transfer by our wallets. */
export interface PlainTransfer {
  readonly chainId: number;
  readonly from: Address;
  /** Recipient of the amount; for a token, the account credited by the token's contract. */
  readonly to: Address;
  /** The token's contract; null for the chain's own coin. */
  readonly token: Address | null;
  /** In the smallest unit: wei, or the token's. */
  readonly amount: bigint;
}

/** Gas limit, and the fees in wei per unit of gas (EIP-1559). */
interface TransferFees extends Fees {
  readonly gasLimit: bigint;
}

/** A transfer with a nonce and fees, ready for signing. */
export interface NumberedTransfer extends PlainTransfer {
  readonly nonce: bigint;
  readonly fees: TransferFees;
}

/** keccak256 of `Transfer(address,address,uint256)`, the ERC-20 event. */
const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';

/**
 * Proof from a receipt. `silent`: success without a logged transfer. `otherwise`: a different
 * transfer. `unreadable`: a deciding field is missing.
 */
type TransferProof = 'paid' | 'reverted' | 'silent' | 'otherwise' | 'unreadable';

/** Proves a transfer from its own receipt. The native coin needs no logs. */
export function proofOf(transfer: PlainTransfer, receipt: Receipt): TransferProof {
  if (receipt.status === 'reverted') return 'reverted';
  const { token, from } = transfer;
  if (token === null) return receipt.status === 'success' ? 'paid' : 'unreadable';
  if (receipt.logs === null) return 'unreadable';
  // Logs of a receipt whose status is a failure or no status: the receipt contradicts itself.
  if (receipt.status === 'unknown' && receipt.logs.length > 0) return 'unreadable';
  const leaving = receipt.logs.filter((log) => isTransferFrom(log, token, from));
  if (leaving.length === 0) return 'silent';
  const [only, ...more] = leaving;
  return only !== undefined && more.length === 0 && isExactly(only, transfer)
    ? 'paid'
    : 'otherwise';
}

/** True if the token logged a transfer sent or received by this address. */
export function namesHolder(log: ChainLog, token: Address, holder: Address): boolean {
  const { address, topics } = log;
  return (
    isAddressEqual(address, token) &&
    topics[0] === TRANSFER &&
    (topics[1] === word(holder) || topics[2] === word(holder))
  );
}

export interface LoggedTransfer {
  readonly from: Address;
  readonly to: Address;
  readonly amount: bigint;
}

/** Filter of a node's logs: transfers that leave one of the holders. */
export function leavingTopics(holders: readonly Address[]): readonly (Hex | readonly Hex[])[] {
  return [TRANSFER, holders.map(word)];
}

/** Reads the log of a transfer; null for any other log. */
export function readTransferLog({
  topics,
  data,
}: Omit<ChainLog, 'address'>): LoggedTransfer | null {
  const [event, from, to] = topics;
  if (event !== TRANSFER || from === undefined || to === undefined) return null;
  if (topics.length !== 3 || !isHex(data) || data.length !== 66) return null;
  return { from: holderIn(from), to: holderIn(to), amount: BigInt(data) };
}

function isTransferFrom({ address, topics }: ChainLog, token: Address, from: Address): boolean {
  return isAddressEqual(address, token) && topics[0] === TRANSFER && topics[1] === word(from);
}

function isExactly({ topics, data }: ChainLog, { to, amount }: PlainTransfer): boolean {
  return (
    topics.length === 3 &&
    topics[2] === word(to) &&
    isHex(data) &&
    data.length === 66 &&
    BigInt(data) === amount
  );
}

function holderIn(topic: Hex): Address {
  return getAddress(`0x${topic.slice(-40)}`);
}

function word(address: Address): Hex {
  return pad(address.toLowerCase() as Hex);
}
