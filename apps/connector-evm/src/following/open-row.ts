import type { OpenNonce, PlainTransfer, TransactionKind } from '@sluice/evm';
import type { Asset } from '@sluice/money';
import type { Address, Hex } from 'viem';
import type { PayableAsset } from '../venue/wallet.assets.js';

/** A nonce as it is followed, with everything that was signed under it. */
export interface OpenRow {
  readonly address: Address;
  readonly nonce: string;
  readonly purpose: 'payment' | 'void' | 'top_up';
  readonly state: 'leased' | 'released';
  readonly withdrawal_id: string | null;
  readonly asset: Asset;
  readonly amount: string;
  readonly recipient: Address;
  /** The block in which it was seen last. */
  readonly mined_in: string | null;
  readonly cancel_asked: boolean;
  /** Its hold was released: nobody wants it paid any more. */
  readonly given_back: boolean | null;
  readonly transactions: readonly TransactionRow[];
}

interface TransactionRow {
  readonly hash: Hex;
  readonly kind: TransactionKind;
  readonly max_fee: string;
  readonly max_priority_fee: string;
  readonly gas_limit: string;
  readonly sent_in: string | null;
  /** A node has taken it. */
  readonly is_sent: boolean;
}

/** What of it decides. */
export function openNonce(row: OpenRow, assets: ReadonlyMap<Asset, PayableAsset>): OpenNonce {
  const isUnwanted = row.purpose === 'void' || row.cancel_asked || row.given_back === true;
  return {
    nonce: BigInt(row.nonce),
    aim: isUnwanted ? 'void' : 'transfer',
    transfer: row.purpose === 'void' ? null : transferOf(row, assets.get(row.asset)),
    transactions: row.transactions.map((one) => ({
      hash: one.hash,
      kind: one.kind,
      maxFeePerGas: BigInt(one.max_fee),
      maxPriorityFeePerGas: BigInt(one.max_priority_fee),
      gasLimit: BigInt(one.gas_limit),
      sentAtBlock: one.sent_in === null ? null : BigInt(one.sent_in),
    })),
  };
}

/** Throws for an asset that is not configured any more: what was sent of it could not be judged. */
function transferOf(row: OpenRow, paid: PayableAsset | undefined): PlainTransfer {
  if (paid === undefined) throw new Error(`${row.asset} is followed and not configured`);
  return {
    chainId: paid.chainId,
    from: row.address,
    to: row.recipient,
    token: paid.token,
    amount: BigInt(row.amount),
  };
}

/** A nonce within its chain. */
export function placeOf({ address, nonce }: Pick<OpenRow, 'address' | 'nonce'>): string {
  return `${address}:${nonce}`;
}
