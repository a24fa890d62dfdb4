import type { Asset } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import type { Address } from 'viem';
import { chooseLane, withReserved, type LaneFunds, type WantedFunds } from './choose-lane.js';
import { ADVANCE_LANES, LEASE, LEASED_ALREADY, LOCK_LANES, WAITING } from './lane-sql.js';

export interface LaneRow {
  readonly address: Address;
  readonly account_id: string | null;
  readonly next_nonce: string;
  readonly paused_because: string | null;
}

export interface WaitingRow {
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
 * Leases a nonce for each transfer that the address can still pay. A single lock covers all
 * addresses of the network, therefore leases of other processes are visible and no nonce is leased
 * twice. A lease is effective only if `tx` commits. Results have the order of `wanted`.
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
export function laneFunds(
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
