import type { Asset } from '@sluice/kernel';
import type { Address } from 'viem';

/**
 * A sending address with free funds: the chain's balance minus all released or leased amounts
 * without a block.
 */
export interface LaneFunds {
  readonly address: Address;
  /**
   * The address pays only for this account. Null: for all accounts without an address of their own.
   */
  readonly accountId: string | null;
  readonly pausedBecause: string | null;
  /** Number of transactions without a block. */
  readonly waiting: number;
  /** In the smallest units. */
  readonly free: ReadonlyMap<Asset, bigint>;
}

export interface WantedFunds {
  readonly accountId: string;
  readonly asset: Asset;
  readonly amount: bigint;
  readonly native: Asset;
  /** Maximum cost of the transfer in wei, besides the amount. */
  readonly gas: bigint;
}

type LaneChoice =
  | { readonly kind: 'lane'; readonly lane: LaneFunds }
  | { readonly kind: 'none'; readonly cause: string };

/**
 * Maximum pending transactions per sender. Nodes keep no more, and the signer signs no further
 * ahead.
 */
export const MOST_WAITING = 400;

/**
 * Chooses the address with the most free funds of the asset, among addresses able to pay now. On a
 * tie, the shortest queue wins.
 */
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

/** Returns the lane after reserving the wanted funds. */
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
