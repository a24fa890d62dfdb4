import {
  type Address,
  decodeFunctionData,
  encodeFunctionData,
  getAddress,
  type Hex,
  keccak256,
  numberToHex,
  parseTransaction,
  recoverAddress,
  serializeTransaction,
  type TransactionSerializableEIP1559,
} from 'viem';
import { ok, refuse, type Result } from '@sluice/kernel';
import { isSameAddress } from './chain-settings.js';
import type { NumberedTransfer } from './transfer-proof.js';

/** A signed transaction and its hash, both before sending. */
export interface RawTransaction {
  readonly raw: Hex;
  readonly hash: Hex;
}

/** An unsigned transaction without sender: only a signature names the sender. */
export type UnsignedContent = Omit<NumberedTransfer, 'from'>;

/** The bytes to sign: an EIP-1559 transaction without an access list. */
export function unsignedBytes(transfer: NumberedTransfer): Hex {
  return serializeTransaction(transactionOf(transfer));
}

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

/** Parses unsigned bytes. Refuses anything but a plain transfer in canonical encoding. */
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

/** Accepts only EIP-1559: other kinds can do more than pay. */
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

const TRANSFER = [
  {
    type: 'function',
    name: 'transfer',
    stateMutability: 'nonpayable',
    inputs: [
      { name: 'to', type: 'address' },
      { name: 'amount', type: 'uint256' },
    ],
    outputs: [],
  },
] as const;

interface TokenTransfer {
  readonly to: Address;
  readonly amount: bigint;
}

/** Calldata of ERC-20's `transfer(to, amount)`, in the token's smallest unit. */
export function transferCalldata({ to, amount }: TokenTransfer): Hex {
  return encodeFunctionData({ abi: TRANSFER, functionName: 'transfer', args: [to, amount] });
}

/** Decodes ERC-20's `transfer`; null for any other call or encoding. */
export function readTransferCalldata(data: Hex): TokenTransfer | null {
  try {
    const [to, amount] = decodeFunctionData({ abi: TRANSFER, data }).args;
    const isExact = transferCalldata({ to, amount }) === data.toLowerCase();
    return isExact ? { to, amount } : null;
  } catch {
    return null; // another function, or missing bytes
  }
}

/** A signature in the form of a transaction: the lower `s`, and the parity of the point of `r`. */
export interface EthereumSignature {
  readonly r: Hex;
  readonly s: Hex;
  readonly yParity: 0 | 1;
}

/** ECDSA signature from a key store: either value of `s`, without parity. */
export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/** The order of secp256k1's group (SEC 2, 2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * Signature of `signer` from the key store's output, with the lower `s` (EIP-2). Throws if another
 * key or other data was signed.
 */
export async function ethereumSignature(
  hash: Hex,
  { r, s }: EcdsaSignature,
  signer: Address,
): Promise<EthereumSignature> {
  if (!isScalar(r) || !isScalar(s)) throw new Error('the key store gave no signature');
  const low = s > ORDER / 2n ? ORDER - s : s;
  const texts = { r: numberToHex(r, { size: 32 }), s: numberToHex(low, { size: 32 }) };
  for (const yParity of [0, 1] as const) {
    const signature = { ...texts, yParity };
    if (await isOf(signer, hash, signature)) return signature;
  }
  throw new Error(`the signature that came is not that of ${signer}`);
}

function isScalar(value: bigint): boolean {
  return value > 0n && value < ORDER;
}

async function isOf(signer: Address, hash: Hex, signature: EthereumSignature): Promise<boolean> {
  try {
    return isSameAddress(await recoverAddress({ hash, signature }), signer);
  } catch {
    return false; // `r` is the coordinate of no point
  }
}
