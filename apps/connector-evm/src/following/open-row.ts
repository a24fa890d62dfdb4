import type {
  OpenNonce,
  PlainTransfer,
  NodeRefusal,
  RefusalClass,
  TransactionKind,
} from '@sluice/evm';
import type { Asset } from '@sluice/kernel';
import type { Address, Hex } from 'viem';
import type { PayableAsset } from '../chain/payable-assets.js';

/** A nonce under observation, with all transactions signed for the nonce. */
export interface OpenRow {
  readonly address: Address;
  readonly nonce: string;
  readonly purpose: 'payment' | 'void' | 'top_up';
  readonly state: 'leased' | 'released';
  readonly withdrawal_id: string | null;
  readonly asset: Asset;
  readonly amount: string;
  readonly recipient: Address;
  /** The block of the last sighting; null if none. */
  readonly mined_in: string | null;
  readonly cancel_asked: boolean;
  /** True if the hold was released: no payment is wanted any more. */
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
  /** True if a node has taken the transaction. */
  readonly is_sent: boolean;
  readonly refused_as: RefusalClass | null;
  readonly refused_with: string | null;
  readonly refusals: number;
  readonly refused_ago_ms: number | null;
}

/** Extracts the fields relevant to the decision. */
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
      ...refusalOf(one),
    })),
  };
}

function refusalOf(row: TransactionRow): { readonly refusal?: NodeRefusal } {
  const { refused_as: why, refused_with: message, refusals: times, refused_ago_ms: agoMs } = row;
  return why === null
    ? {}
    : { refusal: { class: why, message: message ?? '', times, agoMs: agoMs ?? 0 } };
}

/**
 * Throws for an asset missing in the configuration, because transfers of the asset could not be
 * judged.
 */
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
