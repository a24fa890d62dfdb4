import {
  follow,
  isSameAddress,
  readTransferCalldata,
  type TrackingDecision,
  type Head,
  type OpenNonce,
  type Receipt,
  type SeenNonce,
} from '@sluice/evm';
import type { Hex } from 'viem';
import type { Chain, UsedNonce } from '../chain/chain.js';
import type { NonceCounts } from '../lanes/lanes.js';
import type { OpenRow } from './open-row.js';

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

/**
 * Polls the chain for all given nonces, with a few batches of calls, and decides about each nonce.
 * Null if the chain did not answer; no fact is proven in this case.
 */
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
 * True if the transaction made exactly this payment with bytes missing in our database: signed and
 * sent before the database was restored. The transaction is ours and does not prove our payment
 * dead. The signer still has the bytes; the nonce stays open until the signer has answered.
 */
function isForgotten({ transfer }: OpenNonce, { to, value, input }: UsedNonce): boolean {
  if (transfer === null || to === null) return false;
  if (transfer.token === null)
    return isSameAddress(to, transfer.to) && value === transfer.amount && input === '0x';
  const paid = isSameAddress(to, transfer.token) ? readTransferCalldata(input) : null;
  return paid !== null && isSameAddress(paid.to, transfer.to) && paid.amount === transfer.amount;
}

/**
 * True if the transaction moved nothing: each void of ours is such a transfer. After a restore the
 * bytes may be missing here and at the signer. The balances show the gas of a void made elsewhere.
 */
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
 * True per hash if nodes still have a transaction without a block. Only transactions that were
 * refused, or sent before this head, are queried: a newer transaction may still be on the way.
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
