import { isAddressEqual, isHex, pad, type Address, type Hex } from 'viem';
import type { Log, Receipt } from './chain-facts.js';
import type { PlainTransfer } from './plain-transfer.js';

/** keccak256 of `Transfer(address,address,uint256)`, as ERC-20 names its event. */
const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';

/**
 * What a receipt proves of a transfer. `silent`: the transaction succeeded and the token logged no transfer from the sender, which proves neither that it
 * paid nor that it did not. `otherwise`: the token logged another transfer from the sender than was asked, and a person has to decide.
 */
type TransferProof = 'paid' | 'reverted' | 'silent' | 'otherwise';

/** The receipt is that of the transfer's own hash; the chain's own coin has no logs and needs none. */
export function proofOf(transfer: PlainTransfer, receipt: Receipt): TransferProof {
  if (receipt.status === 'reverted') return 'reverted';
  const { token, from } = transfer;
  if (token === null) return 'paid';
  const leaving = receipt.logs.filter((log) => isTransferFrom(log, token, from));
  if (leaving.length === 0) return 'silent';
  const [only, ...more] = leaving;
  return only !== undefined && more.length === 0 && isExactly(only, transfer)
    ? 'paid'
    : 'otherwise';
}

/** Whether the token logged a transfer that this address has sent or received. */
export function namesHolder(log: Log, token: Address, holder: Address): boolean {
  const { address, topics } = log;
  return (
    isAddressEqual(address, token) &&
    topics[0] === TRANSFER &&
    (topics[1] === word(holder) || topics[2] === word(holder))
  );
}

function isTransferFrom({ address, topics }: Log, token: Address, from: Address): boolean {
  return isAddressEqual(address, token) && topics[0] === TRANSFER && topics[1] === word(from);
}

function isExactly({ topics, data }: Log, { to, amount }: PlainTransfer): boolean {
  return (
    topics.length === 3 &&
    topics[2] === word(to) &&
    isHex(data) &&
    data.length === 66 &&
    BigInt(data) === amount
  );
}

function word(address: Address): Hex {
  return pad(address.toLowerCase() as Hex);
}
