import {
  getAddress,
  keccak256,
  parseTransaction,
  recoverAddress,
  serializeTransaction,
  type Hex,
  type TransactionSerializableEIP1559,
} from 'viem';
import { ok, refuse, type Result } from '@sluice/result';
import { readTransferCalldata, transferCalldata } from './calldata.js';
import type { NumberedTransfer } from './plain-transfer.js';
import type { EthereumSignature } from './signature.js';

/** A signed transaction as it travels, and the hash by which every node knows it: both exist before it is sent. */
export interface RawTransaction {
  readonly raw: Hex;
  readonly hash: Hex;
}

/** What is in bytes that sign nothing yet: everything but the sender, whom only a signature tells. */
export type UnsignedContent = Omit<NumberedTransfer, 'from'>;

/** The bytes that are signed: an EIP-1559 transaction without an access list. */
export function unsignedBytes(transfer: NumberedTransfer): Hex {
  return serializeTransaction(transactionOf(transfer));
}

/** The 32 bytes over which a sender signs. */
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

/** Reads the bytes that are to be signed. Refuses, in a sentence, everything but a plain transfer in its one spelling. */
export function readUnsigned(unsigned: Hex): Result<UnsignedContent, string> {
  const parsed = parse(unsigned);
  if (!parsed.ok) return parsed;
  const { r, s, ...transaction } = parsed.value;
  if (r !== undefined || s !== undefined) return refuse('it is signed already');
  if (serializeTransaction(transaction) !== unsigned.toLowerCase())
    return refuse('it is written otherwise than transactions are');
  return contentOf(transaction);
}

/** Reads a signed transaction and who signed it. Refuses like `readUnsigned`. */
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

/** Every other kind of transaction can do more than pay: an authorisation list, for one, hands an account over. */
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
  if (value !== 0n) return refuse('it pays a contract while it calls it');
  return ok({ ...common, to: call.to, token: getAddress(to), amount: call.amount });
}
