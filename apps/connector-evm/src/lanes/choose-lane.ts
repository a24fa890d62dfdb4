import type { Asset } from '@sluice/money';
import type { Address } from 'viem';

/** A sending address with what it has free: what the chain says, less all that was let go or is about to be and is in no block yet. */
export interface LaneFunds {
  readonly address: Address;
  /** It pays for this account alone; null: for all that have none of their own. */
  readonly accountId: string | null;
  readonly pausedBecause: string | null;
  /** Transactions that are in no block yet. */
  readonly waiting: number;
  /** In the smallest units. */
  readonly free: ReadonlyMap<Asset, bigint>;
}

export interface WantedFunds {
  readonly accountId: string;
  readonly asset: Asset;
  readonly amount: bigint;
  readonly native: Asset;
  /** The most wei that the transfer may cost beside the amount. */
  readonly gas: bigint;
}

type LaneChoice =
  | { readonly kind: 'lane'; readonly lane: LaneFunds }
  | { readonly kind: 'none'; readonly cause: string };

/** Nodes keep so many transactions of one sender that are in no block, and the signer runs no further ahead. */
export const MOST_WAITING = 400;

/** The address with the most free of the asset, of those that can pay it now; of equals the one with the shortest queue. */
export function chooseLane(lanes: readonly LaneFunds[], wanted: WantedFunds): LaneChoice {
  const own = lanes.filter(({ accountId }) => accountId === wanted.accountId);
  const meant = own.length > 0 ? own : lanes.filter(({ accountId }) => accountId === null);
  if (meant.length === 0) return { kind: 'none', cause: 'no address pays for this account' };
  const running = meant.filter(({ pausedBecause }) => pausedBecause === null);
  if (running.length === 0)
    return { kind: 'none', cause: `paused: ${meant[0]?.pausedBecause ?? ''}` };
  const short = running.filter(({ waiting }) => waiting < MOST_WAITING);
  if (short.length === 0)
    return { kind: 'none', cause: 'every address has as many transactions waiting as nodes keep' };
  const able = short.filter((lane) => canPay(lane, wanted));
  const [first, ...rest] = able;
  if (first === undefined)
    return { kind: 'none', cause: `no address has enough ${wanted.asset} and gas free` };
  const lane = rest.reduce((best, one) => (isBetter(one, best, wanted.asset) ? one : best), first);
  return { kind: 'lane', lane };
}

/** The lane after it has taken that on. */
export function withReserved(lane: LaneFunds, wanted: WantedFunds): LaneFunds {
  const free = new Map(lane.free);
  free.set(wanted.native, (free.get(wanted.native) ?? 0n) - wanted.gas);
  free.set(wanted.asset, (free.get(wanted.asset) ?? 0n) - wanted.amount);
  return { ...lane, free, waiting: lane.waiting + 1 };
}

function canPay({ free }: LaneFunds, wanted: WantedFunds): boolean {
  const { asset, amount, native, gas } = wanted;
  const coin = free.get(native) ?? 0n;
  return asset === native ? coin >= amount + gas : coin >= gas && (free.get(asset) ?? 0n) >= amount;
}

function isBetter(one: LaneFunds, other: LaneFunds, asset: Asset): boolean {
  const [mine, its] = [one.free.get(asset) ?? 0n, other.free.get(asset) ?? 0n];
  return mine > its || (mine === its && one.waiting < other.waiting);
}
