import {
  getAddress,
  keccak256,
  parseTransaction,
  recoverAddress,
  serializeTransaction,
  type Hex,
  type TransactionSerializableEIP1559,
} from 'viem';
import { ok, refuse, type Result } from '@sluice/kernel';
import { readTransferCalldata, transferCalldata } from './calldata.js';
import type { NumberedTransfer } from './plain-transfer.js';
import type { EthereumSignature } from './signature.js';

/**
 * A signed transaction in wire format, and the hash known to every node. Both exist before sending.
 */
export interface RawTransaction {
  readonly raw: Hex;
  readonly hash: Hex;
}

/**
 * Content of an unsigned transaction: all fields except the sender, because only a signature
 * identifies the sender.
 */
export type UnsignedContent = Omit<NumberedTransfer, 'from'>;

/** The bytes to sign: an EIP-1559 transaction without an access list. */
export function unsignedBytes(transfer: NumberedTransfer): Hex {
  return serializeTransaction(transactionOf(transfer));
}

/** The 32-byte hash for the signature. */
export function signingHash(unsigned: Hex): Hex {
  return keccak256(unsigned);
}

export function signedTransaction(
  transfer: NumberedTransfer,
  { r, s, yParity }: EthereumSignature,
): RawTransaction {
  const raw = serializeTransaction(transactionOf(transfer), { r, s, yParity });
  return { raw, hash: keccak256(raw) };
}

/**
 * Parses unsigned bytes. Refuses, with a sentence, any transaction other than a plain transfer in
 * canonical encoding.
 */
export function readUnsigned(unsigned: Hex): Result<UnsignedContent, string> {
  const parsed = parse(unsigned);
  if (!parsed.ok) return parsed;
  const { r, s, ...transaction } = parsed.value;
  if (r !== undefined || s !== undefined) return refuse('it is signed already');
  if (serializeTransaction(transaction) !== unsigned.toLowerCase())
    return refuse('it is written otherwise than transactions are');
  return contentOf(transaction);
}

/** Parses a signed transaction and recovers the signer. Refuses like `readUnsigned`. */
export async function readSigned(raw: Hex): Promise<Result<NumberedTransfer, string>> {
  const parsed = parse(raw);
  if (!parsed.ok) return parsed;
  const { r, s, yParity, v: _v, ...transaction } = parsed.value;
  if (r === undefined || s === undefined || yParity === undefined)
    return refuse('it is not signed');
  if (serializeTransaction(transaction, { r, s, yParity }) !== raw.toLowerCase())
    return refuse('it is written otherwise than transactions are');
  const content = contentOf(transaction);
  if (!content.ok) return content;
  const hash = signingHash(serializeTransaction(transaction));
  try {
    return ok({
      ...content.value,
      from: await recoverAddress({ hash, signature: { r, s, yParity } }),
    });
  } catch {
    return refuse('its signature is none');
  }
}

function transactionOf({
  chainId,
  to,
  token,
  amount,
  nonce,
  fees,
}: NumberedTransfer): TransactionSerializableEIP1559 {
  return {
    type: 'eip1559',
    chainId,
    nonce: Number(nonce),
    gas: fees.gasLimit,
    maxFeePerGas: fees.maxFeePerGas,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
    ...(token === null
      ? { to, value: amount }
      : { to: token, value: 0n, data: transferCalldata({ to, amount }) }),
  };
}

type Parsed = ReturnType<typeof parseTransaction<`0x02${string}`>>;

/**
 * Accepts only EIP-1559, because other kinds can do more than pay. For example, an authorisation
 * list hands an account over.
 */
function parse(bytes: Hex): Result<Parsed, string> {
  if (!/^0x02[0-9a-f]+$/i.test(bytes)) return refuse('it is no EIP-1559 transaction');
  try {
    return ok(parseTransaction(bytes as `0x02${string}`));
  } catch {
    return refuse('it cannot be read');
  }
}

function contentOf(transaction: TransactionSerializableEIP1559): Result<UnsignedContent, string> {
  const { chainId, to, data, accessList = [], value = 0n } = transaction;
  const { nonce = 0, gas = 0n, maxFeePerGas = 0n, maxPriorityFeePerGas = 0n } = transaction;
  if (to === undefined || to === null) return refuse('it creates a contract');
  if (accessList.length > 0) return refuse('it has an access list');
  const common = {
    chainId,
    nonce: BigInt(nonce),
    fees: { gasLimit: gas, maxFeePerGas, maxPriorityFeePerGas },
  };
  if (data === undefined || data === '0x')
    return ok({ ...common, to: getAddress(to), token: null, amount: value });
  const call = readTransferCalldata(data);
  if (call === null) return refuse('it calls something else than transfer(address,uint256)');
  if (value !== 0n) return refuse('it sends coins to a contract together with a call');
  return ok({ ...common, to: call.to, token: getAddress(to), amount: call.amount });
}
