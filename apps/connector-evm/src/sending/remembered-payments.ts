import { Injectable } from '@nestjs/common';
import { AdminError } from '@sluice/admin-client';
import { Amount, type Asset, destinationOf, networkOf, type WireDestination } from '@sluice/kernel';
import { readSigned } from '@sluice/evm';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import type { GivenNonceDto } from '@sluice/signer-api';
import { getAddress, type Hex } from 'viem';
import { WalletChains } from '../chain/wallet-chains.js';
import { NonceLanes } from '../lanes/lanes.js';
import { unitsOfAmount, type PayableAsset } from '../chain/chain.js';
import {
  DETACH_FORGOTTEN,
  DETACH_OTHERS,
  FORGOTTEN,
  KEEP_PLACES,
  MISPLACED,
  ORDERS,
  ORDERS_WITHOUT_RECORD,
  PUT_BACK_REQUESTS,
  PUT_NONCES,
  PUT_TRANSACTIONS,
  RELEASE_SIGNED,
} from './remembered-sql.js';
import { Signer } from './signer.js';
import { readBody } from './wanted-transfer.js';

interface OrderRow {
  readonly withdrawal_id: string;
  readonly client_reference: string;
  readonly asset: Asset;
  readonly amount: string;
  readonly destination: WireDestination;
  readonly since: Date;
}

/** An order with a doubtful payment; only a person can decide. */
export interface Doubtful extends OrderRow {
  /** The two possible explanations, in words. */
  readonly either: readonly [string, string];
}

type Recall =
  | { readonly kind: 'recalled'; readonly doubtful: readonly Doubtful[] }
  | { readonly kind: 'unavailable'; readonly cause: string };

/**
 * Restores nonces and transactions after this database went back: the signer knows the nonce of
 * each withdrawal, and a running process has put its requests back. Restored rows are followed.
 */
@Injectable()
export class RememberedPayments {
  private readonly reported = new Set<string>();

  constructor(
    private readonly signer: Signer,
    private readonly chains: WalletChains,
    private readonly lanes: NonceLanes,
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Recalls all orders possibly paid before but without a record in this database. */
  async recallUnsent(): Promise<Recall> {
    const misplaced = await this.recallPutBack();
    const recall = await this.recallFromSigner();
    return recall.kind === 'unavailable'
      ? recall
      : { kind: 'recalled', doubtful: [...misplaced, ...recall.doubtful] };
  }

  private async recallPutBack(): Promise<readonly Doubtful[]> {
    const requests = await this.unitOfWork.database.query<OrderRow & { readonly request: string }>(
      PUT_BACK_REQUESTS,
    );
    if (requests.length === 0) return [];
    return this.put(
      await Promise.all(
        requests.map(({ request, ...order }) => {
          const { from, nonce, raw, hash } = readBody({ body: request });
          const { withdrawal_id } = order;
          const transactions = [{ raw, hash }];
          return this.placeOf(order, {
            withdrawal_id,
            from,
            nonce: nonce.toString(),
            transactions,
            closed: false,
          });
        }),
      ),
    );
  }

  private async recallFromSigner(): Promise<Recall> {
    const orders = await this.unitOfWork.database.query<OrderRow>(ORDERS_WITHOUT_RECORD);
    if (!orders.every(({ asset }) => this.lanes.areRead(networkOf(asset))))
      return { kind: 'unavailable', cause: 'the addresses are not compared with their chain yet' };
    const recall = await this.recall(orders);
    if (recall.kind === 'unavailable') return recall;
    const doubted = new Set(recall.doubtful.map((one) => one.withdrawal_id));
    const forgotten = await this.forgotten(
      orders.filter((order) => !doubted.has(order.withdrawal_id)),
    );
    return { kind: 'recalled', doubtful: [...recall.doubtful, ...forgotten] };
  }

  /** Recalls missing signed bytes for the recorded nonces of the given withdrawals. */
  async recallOf(withdrawalIds: readonly string[]): Promise<Recall> {
    return this.recall(await this.unitOfWork.database.query<OrderRow>(ORDERS, [withdrawalIds]));
  }

  private async recall(orders: readonly OrderRow[]): Promise<Recall> {
    if (orders.length === 0) return { kind: 'recalled', doubtful: [] };
    const byId = new Map(orders.map((order) => [order.withdrawal_id, order]));
    const given = await this.given([...byId.keys()]);
    if (typeof given === 'string') return { kind: 'unavailable', cause: given };
    const places = await Promise.all(
      given.flatMap((one) => {
        const order = byId.get(one.withdrawal_id);
        return order === undefined ? [] : [this.placeOf(order, one)];
      }),
    );
    return { kind: 'recalled', doubtful: places.length === 0 ? [] : await this.put(places) };
  }

  /** Orders without a record from before the detection of unknown transactions. */
  private async forgotten(orders: readonly OrderRow[]): Promise<Doubtful[]> {
    if (orders.length === 0) return [];
    const all = orders.map((order) => order.withdrawal_id);
    await this.unitOfWork.database.query(DETACH_FORGOTTEN, [all]);
    const rows = await this.unitOfWork.database.query<{ withdrawal_id: string }>(FORGOTTEN, [all]);
    const ids = new Set(rows.map((row) => row.withdrawal_id));
    return orders
      .filter((order) => ids.has(order.withdrawal_id))
      .map((order) => ({
        ...order,
        either: [`a transaction of ours on ${networkOf(order.asset)} that is on no record`, 'none'],
      }));
  }

  /** Returns the nonces known to the signer, or the reason as text if the signer is unavailable. */
  private async given(ids: readonly string[]): Promise<readonly GivenNonceDto[] | string> {
    try {
      return await this.signer.given(ids);
    } catch (error) {
      if (error instanceof AdminError) return error.message;
      throw error;
    }
  }

  /** Throws if the signer's answer is impossible; no order is resolved in this case. */
  private async placeOf(order: OrderRow, { from, nonce, transactions, closed }: GivenNonceDto) {
    const paid = this.chains.assets.get(order.asset);
    if (paid === undefined) throw new Error(`${order.asset} was signed for and is not configured`);
    const address = getAddress(from);
    const signed = await Promise.all(transactions.map((one) => transactionOf(one, paid)));
    const reserves = signed.map((one) => BigInt(one.gas_limit) * BigInt(one.max_fee));
    return {
      order,
      place: {
        withdrawal_id: order.withdrawal_id,
        network: paid.network,
        address,
        nonce,
        client_reference: order.client_reference,
        asset: order.asset,
        since: order.since,
        decimals: paid.decimals,
        amount: unitsOf(order, paid),
        recipient: recipientOf(order),
        closed,
        gas_reserve: reserves.reduce((most, one) => (one > most ? one : most), 0n).toString(),
      },
      transactions: signed,
    };
  }

  private async put(
    places: readonly Awaited<ReturnType<RememberedPayments['placeOf']>>[],
  ): Promise<Doubtful[]> {
    const rows = JSON.stringify(places.map(({ place }) => place));
    const transactions = places.flatMap(({ place, transactions: signed }) =>
      signed.map((one) => ({ ...place, ...one })),
    );
    const misplaced = await this.unitOfWork.run((tx) => {
      for (const sql of [KEEP_PLACES, DETACH_OTHERS, PUT_NONCES]) void tx.query(sql, [rows]);
      void tx.query(PUT_TRANSACTIONS, [JSON.stringify(transactions)]);
      void tx.query(RELEASE_SIGNED, [rows]);
      return tx.query<{ withdrawal_id: string }>(MISPLACED, [rows]);
    });
    const apart = new Set(misplaced.map((row) => row.withdrawal_id));
    return places.flatMap(({ order, place: { network, address, nonce } }) => {
      const { withdrawal_id: withdrawalId } = order;
      const isApart = apart.has(withdrawalId);
      const place = `${network}:${address}:${nonce}`;
      this.report(`${withdrawalId} ${place}`, { withdrawalId, network, address, nonce }, isApart);
      return isApart
        ? [{ ...order, either: [`${place} as it was signed`, `${place} as it is on record`] }]
        : [];
    });
  }

  /** Once for each restore: the step runs again for each look-up. */
  private report(place: string, fields: object, isApart: boolean): void {
    const fact = `${this.unitOfWork.database.continuity.generation} ${place} ${isApart}`;
    if (this.reported.has(fact)) return;
    this.reported.add(fact);
    this.logger.warn(
      fields,
      isApart
        ? 'a payment from before the restore has the nonce of another payment: an operator must check both'
        : 'a payment from before the restore is on record again and is followed',
    );
  }
}

async function transactionOf(
  { raw, hash }: GivenNonceDto['transactions'][number],
  paid: PayableAsset,
) {
  const read = await readSigned(raw as Hex);
  if (!read.ok || read.value.chainId !== paid.chainId)
    throw new Error(`what the signer remembers as ${hash} is no transaction of ${paid.network}`);
  const { token, amount, fees } = read.value;
  return {
    raw,
    hash,
    kind: token === null && amount === 0n ? 'void' : 'payment',
    gas_limit: fees.gasLimit.toString(),
    max_fee: fees.maxFeePerGas.toString(),
    max_priority_fee: fees.maxPriorityFeePerGas.toString(),
  };
}

function unitsOf({ asset, amount }: OrderRow, paid: PayableAsset): string {
  const units = unitsOfAmount(Amount.of(amount, asset), paid);
  if (units === null) throw new Error(`${amount} ${asset} was signed for and is no amount of it`);
  return units.toString();
}

function recipientOf({ destination }: OrderRow): string {
  const to = destinationOf(destination);
  if (to.type !== 'address') throw new Error('the signed transaction has no recipient');
  return getAddress(to.address);
}
