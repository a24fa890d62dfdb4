import type { Address, Hex } from 'viem';
import {
  follow,
  type Head,
  isSameAddress,
  type NodeRefusal,
  type OpenNonce,
  type PlainTransfer,
  readTransferCalldata,
  type Receipt,
  type RefusalClass,
  type SeenNonce,
  type TrackingDecision,
  type TransactionKind,
} from '@sluice/evm';
import type { Asset } from '@sluice/kernel';
import type { Chain, PayableAsset, UsedNonce } from '../chain/chain.js';
import type { NonceCounts } from '../lanes/lanes.js';

export interface Followed {
  readonly row: OpenRow;
  readonly open: OpenNonce;
}

export interface DecidedNonce extends Followed {
  readonly decision: TrackingDecision;
  /** Hash of a final transaction with exactly this payment but unknown bytes; null if none. */
  readonly forgotten: Hex | null;
  /** The final transaction has unknown bytes and moved nothing: a void of ours from before a restore. */
  readonly isForgottenVoid: boolean;
}

const KNOWN = { forgotten: null, isForgottenVoid: false } as const;

/** Polls the chain for all given nonces and decides about each. Null without an answer. */
export async function lookAt(
  chain: Chain,
  head: Head,
  counts: NonceCounts,
  followed: readonly Followed[],
): Promise<DecidedNonce[] | null> {
  if (followed.length === 0) return [];
  const hashes = followed.flatMap(({ open }) => open.transactions.map(({ hash }) => hash));
  const receipts =
    hashes.length === 0 ? new Map<Hex, Receipt | null>() : await chain.receipts(hashes);
  if (receipts === null) return null;
  const [blockHashes, known] = await Promise.all([
    hashesOfBlocks(chain, receipts),
    knownOf(chain, head, followed, receipts),
  ]);
  return Promise.all(
    followed.map(async ({ row, open }): Promise<DecidedNonce> => {
      const seen: SeenNonce = {
        receipts,
        blockHashes,
        known,
        usedBy: null,
        movedNothing: null,
        nonceCount: {
          latest: counts.latest.get(row.address) ?? 0n,
          final: counts.final.get(row.address) ?? 0n,
        },
      };
      const first = follow(open, seen, head, chain.settings.fees);
      if (first.step.kind === 'weigh') {
        const { transfer, receipt } = first.step;
        const weighed = { ...seen, movedNothing: await chain.movedNothing(transfer, receipt) };
        const decision = follow(open, weighed, head, chain.settings.fees);
        return { row, open, decision, ...KNOWN };
      }
      if (first.step.kind !== 'identify') return { row, open, decision: first, ...KNOWN };
      const used = await chain.usedBy(row.address, open.nonce, head.finalNumber);
      const isOurs = open.transactions.some(({ hash }) => hash === used?.hash);
      const forgotten = used !== null && !isOurs && isForgotten(open, used) ? used.hash : null;
      const again = follow(
        open,
        { ...seen, usedBy: forgotten === null ? (used?.hash ?? null) : null },
        head,
        chain.settings.fees,
      );
      const isForgottenVoid = used !== null && isEmptyTransfer(row, used);
      return { row, open, decision: again, forgotten, isForgottenVoid };
    }),
  );
}

/**
 * True if the transaction made exactly this payment with bytes lost by a restore: ours, and no
 * proof that the payment is dead. The signer has the bytes.
 */
function isForgotten({ transfer }: OpenNonce, { to, value, input }: UsedNonce): boolean {
  if (transfer === null || to === null) return false;
  if (transfer.token === null)
    return isSameAddress(to, transfer.to) && value === transfer.amount && input === '0x';
  const paid = isSameAddress(to, transfer.token) ? readTransferCalldata(input) : null;
  return paid !== null && isSameAddress(paid.to, transfer.to) && paid.amount === transfer.amount;
}

/** True if the transaction moved nothing, as each void of ours. Balances show foreign gas. */
function isEmptyTransfer({ address }: OpenRow, { to, value, input }: UsedNonce): boolean {
  return to !== null && isSameAddress(to, address) && value === 0n && input === '0x';
}

/** Hashes of all blocks named in a receipt, requested after the receipts. */
async function hashesOfBlocks(
  chain: Chain,
  receipts: ReadonlyMap<Hex, Receipt | null>,
): Promise<ReadonlyMap<bigint, Hex | null>> {
  const numbers = new Set(
    [...receipts.values()].flatMap((receipt) => (receipt ? [receipt.blockNumber] : [])),
  );
  return blockHashesOf(chain, [...numbers]);
}

export async function blockHashesOf(
  chain: Chain,
  numbers: readonly bigint[],
): Promise<ReadonlyMap<bigint, Hex | null>> {
  return new Map(
    await Promise.all(
      numbers.map(async (number) => [number, await chain.blockHash(number)] as const),
    ),
  );
}

/**
 * Per hash, if nodes still have it without a block. A transaction newer than this head may be on
 * its way.
 */
async function knownOf(
  chain: Chain,
  head: Head,
  followed: readonly Followed[],
  receipts: ReadonlyMap<Hex, Receipt | null>,
): Promise<ReadonlyMap<Hex, boolean>> {
  const asked = followed.flatMap(({ open: { transactions } }) => {
    if (transactions.some(({ hash }) => Boolean(receipts.get(hash)))) return [];
    const last = transactions.at(-1);
    const isOut =
      last !== undefined &&
      last.sentAtBlock !== null &&
      (last.sentAtBlock < head.number || last.refusal !== undefined);
    return isOut ? [last.hash] : [];
  });
  return asked.length === 0 ? new Map() : ((await chain.isKnown(asked)) ?? new Map<Hex, boolean>());
}

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

/** Throws for an asset missing in the configuration: its transfers could not be judged. */
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
