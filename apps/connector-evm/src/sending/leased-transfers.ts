import { Injectable } from '@nestjs/common';
import { crashAt } from '@sluice/runtime';
import { mostGasCost, quoteFees, type Fees } from '@sluice/evm';
import type { Asset } from '@sluice/kernel';
import { Database, UnitOfWork } from '@sluice/postgres';
import type { Address, Hex } from 'viem';
import { type Chain, nativeOf } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import {
  type ChainFunds,
  chooseLane,
  freeLanes,
  type LaneFunds,
  leaseNonces,
  type ToLease,
  USUAL_GAS,
  withReserved,
} from '../lanes/nonce-leases.js';
import { NonceLanes, OF_WITHDRAWALS } from '../lanes/lanes.js';
import { WalletFunds } from '../lanes/wallet-funds.js';
import type { LeasedTransfer } from './signed-transfers.js';
import { notReady, refused, type Unprepared, type WantedTransfer } from './wanted-transfer.js';

const AGAIN_MS = 1_000;
const DEAR_AGAIN_MS = 5_000;

type LeaseOutcome =
  | { readonly kind: 'leased'; readonly transfer: LeasedTransfer }
  | { readonly kind: 'prepared'; readonly transfer: LeasedTransfer & { hash: Hex; raw: Hex } }
  | Unprepared;

interface NonceRow {
  readonly withdrawal_id: string;
  readonly address: Address;
  readonly nonce: string;
  readonly purpose: string;
  readonly state: string;
  readonly hash: Hex | null;
  readonly raw: Hex | null;
  readonly gas_limit: string | null;
  readonly max_fee: string | null;
  readonly max_priority_fee: string | null;
}

interface Tried {
  readonly wanted: WantedTransfer;
  readonly from: Address;
  readonly gasLimit: bigint;
}

type TrialOutcome = { kind: 'works'; tried: Tried } | Unprepared;

/** Finds the paying address for each order, simulates the transfer, and leases a nonce. */
@Injectable()
export class LeasedTransfers {
  constructor(
    private readonly chains: WalletChains,
    private readonly funds: WalletFunds,
    private readonly lanes: NonceLanes,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** In the order of `batch`. */
  async of(network: string, batch: readonly WantedTransfer[]): Promise<LeaseOutcome[]> {
    const rows = await this.database.query<NonceRow>(OF_WITHDRAWALS, [
      batch.map(({ order }) => order.withdrawalId),
    ]);
    const known = new Map(rows.map((row) => [row.withdrawal_id, row]));
    const unsigned = batch.filter(({ order }) => !known.get(order.withdrawalId)?.raw);
    const fresh = new Map(
      (await this.lease(network, unsigned, known)).map((one, index) => [unsigned[index], one]),
    );
    return batch.map((wanted) => {
      const outcome = fresh.get(wanted);
      if (outcome !== undefined) return outcome;
      const row = known.get(wanted.order.withdrawalId);
      return row === undefined
        ? notReady('the result was not checked', AGAIN_MS)
        : ofRow(network, wanted, row);
    });
  }

  private async lease(
    network: string,
    wanted: readonly WantedTransfer[],
    known: ReadonlyMap<string, NonceRow>,
  ): Promise<LeaseOutcome[]> {
    if (wanted.length === 0) return [];
    if (!this.lanes.arePlaced(network))
      return wanted.map(() =>
        notReady('its addresses are not compared with their chain yet', AGAIN_MS),
      );
    const chain = this.chains.of(network);
    const [head, funds] = await Promise.all([chain.recentHead(), this.funds.recent(network)]);
    if (head === null || funds === null) return wanted.map(() => notReady(noNode(chain), AGAIN_MS));
    const quote = quoteFees(head, chain.settings.fees);
    if (quote.kind === 'above_cap') return wanted.map(() => notReady(quote.cause, DEAR_AGAIN_MS));
    const placed = await this.place(chain, wanted, { funds, fees: quote.fees, known });
    const tried = await Promise.all(
      placed.map(async (one) => ('kind' in one ? one : tryFrom(chain, one, quote.fees))),
    );
    return this.store(chain, tried, { funds, fees: quote.fees, known });
  }

  /** Distributes the orders by free funds. An order with a nonce stays at its address. */
  private async place(
    chain: Chain,
    wanted: readonly WantedTransfer[],
    { funds, fees, known }: Leasing,
  ): Promise<(Pick<Tried, 'wanted' | 'from'> | Unprepared)[]> {
    const native = nativeOf(chain.settings).asset;
    let lanes: readonly LaneFunds[] = await freeLanes(this.database, chain.settings, funds);
    return wanted.map((one) => {
      const row = known.get(one.order.withdrawalId);
      if (row !== undefined)
        return row.purpose === 'payment' ? { wanted: one, from: row.address } : givenUp(row);
      const needed = {
        accountId: one.order.accountId,
        asset: one.paid.asset,
        amount: one.amount,
        native,
        gas: mostGasCost(USUAL_GAS, fees),
      };
      const choice = chooseLane(lanes, needed);
      if (choice.kind === 'none') return notReady(choice.cause, AGAIN_MS);
      const { lane } = choice;
      lanes = lanes.map((other) => (other === lane ? withReserved(lane, needed) : other));
      return { wanted: one, from: lane.address };
    });
  }

  private async store(
    chain: Chain,
    tried: readonly TrialOutcome[],
    { funds, fees, known }: Leasing,
  ): Promise<LeaseOutcome[]> {
    const { network } = chain.settings;
    const native = nativeOf(chain.settings).asset;
    const works = tried.flatMap((one) =>
      one.kind === 'works' && !known.has(one.tried.wanted.order.withdrawalId) ? [one.tried] : [],
    );
    const wanted = works.map((one) => toLease(one, native, fees));
    const leased =
      wanted.length === 0
        ? []
        : await this.unitOfWork.run((tx) =>
            leaseNonces(tx, network, 'hot', { wanted, funds, native }),
          );
    if (leased.length > 0) crashAt('wallet.after-lease');
    const nonces = new Map(works.map((one, index) => [one, leased[index]]));
    return tried.map((one): LeaseOutcome => {
      if (one.kind !== 'works') return one;
      const { wanted: its, from, gasLimit } = one.tried;
      const row = known.get(its.order.withdrawalId);
      const transfer = { wanted: its, network, from, gasLimit, ...fees };
      if (row !== undefined)
        return { kind: 'leased', transfer: { ...transfer, nonce: BigInt(row.nonce) } };
      const lease = nonces.get(one.tried);
      return lease?.kind === 'leased'
        ? { kind: 'leased', transfer: { ...transfer, nonce: lease.nonce } }
        : notReady(lease?.cause ?? 'no nonce was leased', AGAIN_MS);
    });
  }
}

interface Leasing {
  readonly funds: ChainFunds;
  readonly fees: Fees;
  readonly known: ReadonlyMap<string, NonceRow>;
}

/** The payment is refused once its nonce has ended: until then the chain may use the nonce. */
function givenUp({ state }: NonceRow): Unprepared {
  return state === 'final' || state === 'dead'
    ? refused('nonce_given_up', 'The payment was not released in time, and its nonce was given up')
    : notReady('its nonce was given up, and the void transaction is not final', AGAIN_MS);
}

async function tryFrom(
  chain: Chain,
  { wanted, from }: Pick<Tried, 'wanted' | 'from'>,
  fees: Fees,
): Promise<TrialOutcome> {
  const { paid, to, amount } = wanted;
  const { chainId } = chain.settings;
  const trial = await chain.tryTransfer({ chainId, from, to, token: paid.token, amount }, fees);
  switch (trial.kind) {
    case 'works':
      return { kind: 'works', tried: { wanted, from, gasLimit: trial.gasLimit } };
    case 'refused':
      return refused(trial.reason, trial.message);
    case 'short':
      return notReady(`${from} has less ${paid.asset} than it takes`, AGAIN_MS);
    case 'unavailable':
      return notReady(trial.cause, AGAIN_MS);
  }
}

function toLease({ wanted, from, gasLimit }: Tried, native: Asset, fees: Fees): ToLease {
  const { order, paid, to, amount } = wanted;
  return {
    from,
    native,
    amount,
    asset: paid.asset,
    recipient: to,
    purpose: 'payment',
    decimals: paid.decimals,
    accountId: order.accountId,
    withdrawalId: order.withdrawalId,
    clientReference: order.clientReference,
    gas: mostGasCost(gasLimit, fees),
  };
}

function ofRow(network: string, wanted: WantedTransfer, row: NonceRow): LeaseOutcome {
  const { hash, raw, address: from } = row;
  if (row.purpose !== 'payment' || hash === null || raw === null) return givenUp(row);
  return {
    kind: 'prepared',
    transfer: {
      wanted,
      network,
      from,
      hash,
      raw,
      nonce: BigInt(row.nonce),
      gasLimit: BigInt(row.gas_limit ?? 0),
      maxFeePerGas: BigInt(row.max_fee ?? 0),
      maxPriorityFeePerGas: BigInt(row.max_priority_fee ?? 0),
    },
  };
}

function noNode(chain: Chain): string {
  const [trouble = 'no node has answered'] = chain.trouble();
  return `no node of ${chain.settings.network} can be believed: ${trouble}`;
}
