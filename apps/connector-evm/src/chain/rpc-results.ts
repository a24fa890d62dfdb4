import type { ChainLog } from '@sluice/evm';
import { isObject } from '@sluice/kernel';
import { getAddress, isAddress, isHash, isHex, type Address, type Hex } from 'viem';

/** Parsers of node answers; null for any malformed value. */

export interface Block {
  readonly number: bigint;
  readonly hash: Hex;
  /** Null on a chain without EIP-1559. */
  readonly baseFeePerGas: bigint | null;
}

export interface MinedTransaction {
  readonly hash: Hex;
  readonly from: Address;
  readonly nonce: bigint;
  readonly blockNumber: bigint;
  readonly blockHash: Hex;
  /** Null for a contract creation. */
  readonly to: Address | null;
  readonly value: bigint;
  readonly input: Hex;
}

type RpcFields = Readonly<Record<string, unknown>>;

export function quantity(value: unknown): bigint | null {
  return typeof value === 'string' && /^0x[0-9a-f]{1,64}$/i.test(value) ? BigInt(value) : null;
}

export function blockOf(value: unknown): Block | null {
  if (!isObject(value)) return null;
  const [number, hash] = [quantity(value['number']), hashOf(value['hash'])];
  if (number === null || hash === null) return null;
  return { number, hash, baseFeePerGas: quantity(value['baseFeePerGas']) };
}

export interface TimedBlock extends Block {
  /** The producer's time. */
  readonly at: Date;
}

export function timedBlockOf(value: unknown): TimedBlock | null {
  const [block, seconds] = [blockOf(value), isObject(value) ? quantity(value['timestamp']) : null];
  return block && seconds !== null ? { ...block, at: new Date(Number(seconds) * 1_000) } : null;
}

/** Transactions of a block requested with transactions; null if malformed. */
export function transactionsOf(block: unknown): readonly MinedTransaction[] | null {
  const list = isObject(block) ? block['transactions'] : null;
  if (!Array.isArray(list)) return null;
  const read = list.map(minedTransactionOf);
  const whole = read.filter((one) => one !== null);
  return whole.length === read.length ? whole : null;
}

/** Null also for a transaction in no block. */
export function minedTransactionOf(value: unknown): MinedTransaction | null {
  if (!isObject(value)) return null;
  const [hash, blockHash, from] = [
    hashOf(value['hash']),
    hashOf(value['blockHash']),
    addressOf(value['from']),
  ];
  const [nonce, blockNumber] = [quantity(value['nonce']), quantity(value['blockNumber'])];
  if (hash === null || blockHash === null || from === null) return null;
  const [amount, input] = [quantity(value['value']), value['input']];
  if (nonce === null || blockNumber === null || amount === null || !isHex(input)) return null;
  const to = addressOf(value['to']);
  return { hash, blockHash, from, nonce, blockNumber, to, value: amount, input };
}

export function logsOf(value: unknown): readonly ChainLog[] | null {
  if (!Array.isArray(value)) return null;
  const read = value.map((log) => (isObject(log) ? logOf(log) : null));
  const whole = read.filter((log) => log !== null);
  return whole.length === read.length ? whole : null;
}

function logOf({ address, topics, data }: RpcFields): ChainLog | null {
  const from = addressOf(address);
  const hashes = Array.isArray(topics) ? topics.map(hashOf) : null;
  if (from === null || hashes === null || !isHex(data)) return null;
  const whole = hashes.filter((topic) => topic !== null);
  return whole.length === hashes.length
    ? { address: from, topics: whole, data: lower(data) }
    : null;
}

export function hashOf(value: unknown): Hex | null {
  return typeof value === 'string' && isHash(value) ? lower(value) : null;
}

export function addressOf(value: unknown): Address | null {
  return typeof value === 'string' && isAddress(value, { strict: false })
    ? getAddress(value)
    : null;
}

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex;
}
