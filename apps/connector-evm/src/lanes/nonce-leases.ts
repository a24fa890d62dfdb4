import type { Address } from 'viem';
import type { ChainSettings } from '@sluice/evm';
import type { Asset } from '@sluice/kernel';
import type { Database, Tx } from '@sluice/postgres';
import { nativeOf } from '../chain/chain.js';
import { ADVANCE_LANES, LANES, LEASE, LEASED_ALREADY, LOCK_LANES, WAITING } from './lanes.js';

interface LaneRow {
  readonly address: Address;
  readonly account_id: string | null;
  readonly next_nonce: string;
  readonly paused_because: string | null;
}

interface WaitingRow {
  readonly address: Address;
  readonly asset: Asset;
  readonly amount: string;
  readonly gas: string;
  readonly waiting: number;
}

/** Balances of our addresses at a block, in the smallest units. */
export interface ChainFunds {
  readonly at: bigint;
  readonly byAddress: ReadonlyMap<Address, ReadonlyMap<Asset, bigint>>;
}

/** A transfer in need of a nonce of the address used in the trial. */
export interface ToLease extends WantedFunds {
  readonly from: Address;
  readonly purpose: 'payment' | 'top_up';
  readonly withdrawalId: string | null;
  readonly clientReference: string | null;
  readonly recipient: Address;
  readonly decimals: number;
}

type Leased =
  | { readonly kind: 'leased'; readonly nonce: bigint }
  | { readonly kind: 'not_now'; readonly cause: string };

/**
 * Leases a nonce for each transfer that the address can still pay, under one lock per network.
 * Effective with `tx`. Results have the order of `wanted`.
 */
export async function leaseNonces(
  tx: Tx,
  network: string,
  wallets: 'hot' | 'tank',
  { wanted, funds, native }: { wanted: readonly ToLease[]; funds: ChainFunds; native: Asset },
): Promise<readonly Leased[]> {
  const rows = await tx.query<LaneRow>(LOCK_LANES, [network, wallets]);
  const [waiting, others] = await Promise.all([
    tx.query<WaitingRow>(WAITING, [network, funds.at]),
    tx.query<{ withdrawal_id: string }>(LEASED_ALREADY, [
      wanted.flatMap(({ withdrawalId }) => (withdrawalId === null ? [] : [withdrawalId])),
    ]),
  ]);
  const leasedByOthers = new Set(others.map((row) => row.withdrawal_id));
  const lanes = new Map(laneFunds(rows, waiting, funds, native).map((one) => [one.address, one]));
  const next = new Map(rows.map((row) => [row.address, BigInt(row.next_nonce)]));
  const leased = wanted.map((one): Leased => {
    if (one.withdrawalId !== null && leasedByOthers.has(one.withdrawalId))
      return { kind: 'not_now', cause: 'another process has leased its nonce' };
    const lane = lanes.get(one.from);
    const nonce = next.get(one.from);
    if (lane === undefined || nonce === undefined)
      return { kind: 'not_now', cause: `${one.from} is not one of its addresses yet` };
    const choice = chooseLane([{ ...lane, accountId: null }], one);
    if (choice.kind === 'none') return { kind: 'not_now', cause: choice.cause };
    lanes.set(one.from, withReserved(lane, one));
    next.set(one.from, nonce + 1n);
    return { kind: 'leased', nonce };
  });
  const given = wanted.flatMap((one, index) => rowOf(one, leased[index]));
  if (given.length > 0) {
    void tx.query(LEASE, [network, JSON.stringify(given)]);
    void tx.query(ADVANCE_LANES, [
      network,
      JSON.stringify(
        [...next].map(([address, nonce]) => ({ address, next_nonce: nonce.toString() })),
      ),
    ]);
  }
  return leased;
}

/** Free funds of each address. An address with an unreadable balance has none. */
function laneFunds(
  rows: readonly LaneRow[],
  waiting: readonly WaitingRow[],
  funds: ChainFunds,
  native: Asset,
): LaneFunds[] {
  return rows.map(({ address, account_id: accountId, paused_because: pausedBecause }) => {
    const own = waiting.filter((one) => one.address === address);
    const free = new Map(funds.byAddress.get(address) ?? []);
    for (const { asset, amount, gas } of own) {
      free.set(asset, (free.get(asset) ?? 0n) - BigInt(amount));
      free.set(native, (free.get(native) ?? 0n) - BigInt(gas));
    }
    const count = own.reduce((sum, one) => sum + one.waiting, 0);
    return { address, accountId, pausedBecause, waiting: count, free };
  });
}

function rowOf(one: ToLease, leased: Leased | undefined) {
  if (leased?.kind !== 'leased') return [];
  return [
    {
      address: one.from,
      nonce: leased.nonce.toString(),
      purpose: one.purpose,
      withdrawal_id: one.withdrawalId,
      client_reference: one.clientReference,
      asset: one.asset,
      decimals: one.decimals,
      amount: one.amount.toString(),
      recipient: one.recipient,
      gas_reserve: one.gas.toString(),
    },
  ];
}

/** A sending address: the chain's balance minus all amounts without a block. */
export interface LaneFunds {
  readonly address: Address;
  /** The only account of the address. Null: all accounts without an address of their own. */
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

/** Most pending transactions per sender: nodes keep no more. */
export const MOST_WAITING = 400;

/** Chooses the address with the most free funds; on a tie the shortest queue. */
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

/** More than any plain transfer to a wallet costs: what is set aside while the real limit is not known yet. */
export const USUAL_GAS = 120_000n;

/** The addresses for withdrawals on a chain, each with free funds. */
export async function freeLanes(
  database: Database,
  settings: ChainSettings,
  funds: ChainFunds,
): Promise<LaneFunds[]> {
  const { network } = settings;
  const [rows, waiting] = await Promise.all([
    database.query<LaneRow>(LANES, [network, 'hot']),
    database.query<WaitingRow>(WAITING, [network, funds.at]),
  ]);
  return laneFunds(rows, waiting, funds, nativeOf(settings).asset);
}
