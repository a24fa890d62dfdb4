import { type Address, getAddress, type Hex, isAddress, isHash, isHex } from 'viem';
import type { ChainLog, Receipt } from '@sluice/evm';
import { isObject } from '@sluice/kernel';

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

function addressOf(value: unknown): Address | null {
  return typeof value === 'string' && isAddress(value, { strict: false })
    ? getAddress(value)
    : null;
}

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex;
}

/** Fields of a receipt; null where the node left the field out, or wrote the field unreadably. */
export interface ReceiptFields extends Omit<Receipt, 'blockNumber' | 'blockHash' | 'from'> {
  readonly blockNumber: bigint | null;
  readonly blockHash: Hex | null;
  readonly from: Address | null;
}

/** A plain transfer of coins to an address without code uses exactly this gas, and cannot fail. */
const PLAIN_GAS = 21_000n;

/** Reads a receipt field by field; null if the answer is no receipt, or belongs to another transaction. */
export function receiptFieldsOf(value: unknown, hash: Hex): ReceiptFields | null {
  if (!isObject(value)) return null;
  const its = hashOf(value['transactionHash']);
  if (its !== null && its !== hash) return null;
  const logs = logsOf(value['logs']);
  const l1Fee = countOf(value['l1Fee']);
  return {
    hash,
    blockNumber: countOf(value['blockNumber']),
    blockHash: hashOf(value['blockHash']),
    from: addressOf(value['from']),
    status: statusOf(value['status'], logs),
    gasUsed: countOf(value['gasUsed']),
    effectiveGasPrice: countOf(value['effectiveGasPrice']),
    logs,
    ...(l1Fee !== null && { l1Fee }),
  };
}

/** True if no other call can add a field. */
export function isWhole(fields: ReceiptFields): boolean {
  const { status, logs, blockNumber, blockHash, from, gasUsed, effectiveGasPrice } = fields;
  const read = [logs, blockNumber, blockHash, from, gasUsed, effectiveGasPrice];
  return status !== 'unknown' && !read.includes(null);
}

/** Adds the fields that the node shows with the transaction. */
export function withTransaction(fields: ReceiptFields, transaction: unknown): ReceiptFields {
  if (!isObject(transaction) || hashOf(transaction['hash']) !== fields.hash) return fields;
  const { status, gasUsed } = fields;
  const gasLimit = countOf(transaction['gas']) ?? 0n;
  const isPlain = transaction['input'] === '0x' && gasUsed === PLAIN_GAS && gasLimit > PLAIN_GAS;
  return {
    ...fields,
    blockNumber: fields.blockNumber ?? countOf(transaction['blockNumber']),
    blockHash: fields.blockHash ?? hashOf(transaction['blockHash']),
    from: fields.from ?? addressOf(transaction['from']),
    status: status === 'unknown' && isPlain ? 'success' : status,
  };
}

/** Adds the fields that follow from the block of the transaction. */
export function withBlock(
  fields: ReceiptFields,
  transaction: unknown,
  block: unknown,
): ReceiptFields {
  if (!isObject(block)) return fields;
  const [number, hash] = [countOf(block['number']), hashOf(block['hash'])];
  const hashes = Array.isArray(block['transactions']) ? block['transactions'].map(hashOf) : [];
  const isThere =
    (fields.blockHash === null ? hashes.includes(fields.hash) : hash === fields.blockHash) &&
    (fields.blockNumber === null || number === fields.blockNumber);
  if (!isThere) return fields;
  return {
    ...fields,
    blockNumber: number,
    blockHash: hash,
    effectiveGasPrice:
      fields.effectiveGasPrice ?? priceOf(transaction, countOf(block['baseFeePerGas'])),
  };
}

/** Null if the block of the transaction is unknown. */
export function receiptIn(fields: ReceiptFields): Receipt | null {
  const { blockNumber, blockHash, from } = fields;
  if (blockNumber === null || blockHash === null || from === null) return null;
  return { ...fields, blockNumber, blockHash, from };
}

/**
 * Compares receipts of two nodes. A missing cost contradicts nothing; a missing outcome is
 * `silent`.
 */
export function compareReceipts(own: Receipt, other: Receipt): 'same' | 'other' | 'silent' {
  const isOther =
    own.hash !== other.hash ||
    own.blockHash !== other.blockHash ||
    differ(own.gasUsed, other.gasUsed) ||
    differ(own.effectiveGasPrice, other.effectiveGasPrice) ||
    (own.l1Fee ?? 0n) !== (other.l1Fee ?? 0n) ||
    (own.status !== 'unknown' && other.status !== 'unknown' && own.status !== other.status) ||
    (own.logs !== null && other.logs !== null && written(own.logs) !== written(other.logs));
  if (isOther) return 'other';
  const isConfirmed = own.status === other.status && (own.logs === null) === (other.logs === null);
  return isConfirmed ? 'same' : 'silent';
}

/** Adds the cost that another node shows for the same receipt. */
export function withCostOf(own: Receipt, other: Receipt): Receipt {
  return {
    ...own,
    gasUsed: own.gasUsed ?? other.gasUsed,
    effectiveGasPrice: own.effectiveGasPrice ?? other.effectiveGasPrice,
  };
}

function differ(one: bigint | null, other: bigint | null): boolean {
  return one !== null && other !== null && one !== other;
}

function written(logs: readonly ChainLog[]): string {
  return JSON.stringify(logs.map(({ address, topics, data }) => [address, topics, data]));
}

/** Logs without a status are a success; logs with a failure contradict each other. */
function statusOf(value: unknown, logs: readonly ChainLog[] | null): Receipt['status'] {
  const hasLogs = logs !== null && logs.length > 0;
  if (value === true || value === '1' || countOf(value) === 1n) return 'success';
  if (value === false || value === '0' || countOf(value) === 0n)
    return hasLogs ? 'unknown' : 'reverted';
  return hasLogs && isMissing(value) ? 'success' : 'unknown';
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === '0x';
}

/** Some nodes write counts as JSON numbers. Digits without 0x may be of either base, and are not read. */
function countOf(value: unknown): bigint | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? BigInt(value)
    : quantity(value);
}

function priceOf(transaction: unknown, baseFee: bigint | null): bigint | null {
  const fields: RpcFields = isObject(transaction) ? transaction : {};
  const [most, tip] = [countOf(fields['maxFeePerGas']), countOf(fields['maxPriorityFeePerGas'])];
  if (most === null || tip === null || baseFee === null) return countOf(fields['gasPrice']);
  return most < baseFee + tip ? most : baseFee + tip;
}
