import { Injectable } from '@nestjs/common';
import { openCases } from '@sluice/connector-engine';
import type { ChainSettings, Head, Receipt } from '@sluice/evm';
import { unreachable } from '@sluice/kernel';
import { Database, type Tx, UnitOfWork } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { nativeOf } from '../chain/chain.js';
import { WalletEvents } from '../events/wallet-events.js';
import { countGas } from '../lanes/wallet-funds.js';
import type { DecidedNonce } from './chain-look.js';
import {
  KEEP_HEAD,
  LAST_HEAD,
  PAUSE_LANES,
  PAYMENTS_WAIT,
  STILL_FOLLOWS,
  STORE_ENDS,
  STORE_MINED,
} from './follow-sql.js';

export interface FollowerLease {
  readonly network: string;
  readonly owner: string;
  readonly token: string;
  /** Generation of the database at the start of the lease. After the database went back, the lease stores nothing. */
  readonly generation: number;
}

interface ForgottenPayment {
  readonly withdrawalId: string;
  readonly hash: string;
}

interface EndedRow {
  readonly address: string;
  readonly nonce: string;
  readonly purpose: 'payment' | 'void' | 'top_up';
  readonly withdrawal_id: string | null;
  readonly recipient: string;
  readonly amount: string;
  readonly outcome: string;
  readonly hash: string | null;
  readonly block_number: string | null;
  readonly gas_used: string | null;
  readonly gas_price: string | null;
  readonly kind: 'payment' | 'void' | 'top_up' | null;
  readonly mined_at: Date | null;
  readonly wallet: 'hot' | 'tank';
}

interface MovedRow {
  readonly withdrawal_id: string | null;
  readonly hash: string | null;
  readonly block_number: string | null;
}

/** Stores the findings of a poll with their events. Only the current follower can commit. */
@Injectable()
export class FindingsStore {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: Database,
    private readonly events: WalletEvents,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Returns false if another process follows by now; no findings were stored. */
  store(
    lease: FollowerLease,
    settings: ChainSettings,
    head: Head,
    { mined, ends, strange }: Findings,
  ): Promise<boolean> {
    const { network } = lease;
    return this.fenced(lease, async (tx) => {
      const last = tx.query<{ head: string | null }>(LAST_HEAD, [network]);
      void tx.query(KEEP_HEAD, [
        network,
        head.number,
        head.hash,
        head.finalNumber < 0n ? null : head.finalNumber,
        head.baseFeePerGas,
        head.tip,
      ]);
      const moved =
        mined.length === 0
          ? []
          : await tx.query<MovedRow>(STORE_MINED, [network, JSON.stringify(mined)]);
      if (strange.length > 0) {
        await tx.query(PAUSE_LANES, [network, JSON.stringify(strange)]);
        for (const one of strange)
          this.logger.error(
            { network, ...one },
            'an address was paused: an operator must check it',
          );
      }
      if (ends.length > 0)
        for (const row of await tx.query<EndedRow>(STORE_ENDS, [network, JSON.stringify(ends)]))
          this.publish(tx, settings, row);
      const [before] = await last;
      await this.tellBlock(tx, network, head, { moved, before: before?.head ?? null });
    });
  }

  /**
   * Opens a case for each payment with unknown bytes. Only a person can end it. False if another
   * process follows.
   */
  openForgotten(lease: FollowerLease, forgotten: readonly ForgottenPayment[]): Promise<boolean> {
    return this.fenced(lease, async (tx) => {
      const cases = forgotten.map(({ withdrawalId, hash }) => ({
        withdrawalId,
        kind: 'paid_by_other_bytes',
        text: `transaction ${hash} paid the withdrawal and is final, but neither this service nor the signer has a record of it: the withdrawal stays open`,
      }));
      for (const opened of await openCases(tx, cases))
        this.logger.error({ ...opened }, 'a case was opened: an operator must check it');
    });
  }

  /** Publishes new blocks of gathering payments, and payments entering or leaving a block. */
  private async tellBlock(
    tx: Tx,
    network: string,
    { number }: Head,
    { moved, before }: { moved: readonly MovedRow[]; before: string | null },
  ): Promise<void> {
    const payments = moved.flatMap(({ withdrawal_id: id, hash, block_number: blockNumber }) =>
      id === null ? [] : [{ withdrawalId: id, txHash: hash, blockNumber }],
    );
    const isNew = before !== number.toString();
    const [waiting] = isNew ? await tx.query<{ wait: boolean }>(PAYMENTS_WAIT, [network]) : [];
    if (payments.length > 0 || waiting?.wait === true)
      tx.publish(...this.events.blockSeen(network, number, payments));
  }

  async fenced(
    { network, owner, token, generation }: FollowerLease,
    work: (tx: Tx) => Promise<void>,
  ): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      const [still] = await tx.query(STILL_FOLLOWS, [network, owner, token]);
      if (still === undefined || generation !== this.database.continuity.generation) return false;
      await work(tx);
      return true;
    });
  }

  private publish(tx: Tx, settings: ChainSettings, row: EndedRow): void {
    const { network } = settings;
    const { address: from, hash: txHash, kind: purpose, mined_at: at, wallet } = row;
    if (txHash === null || purpose === null || at === null) return;
    const native = nativeOf(settings).asset;
    const withdrawalId = row.withdrawal_id;
    if (row.gas_used === null || row.gas_price === null)
      this.logger.error(
        { network, txHash, withdrawalId },
        'no node shows the gas of a final transaction: an operator must book the gas',
      );
    else {
      const wei = BigInt(row.gas_used) * BigInt(row.gas_price);
      countGas(network, wei);
      const spent = { withdrawalId, network, native, wei, txHash, from, wallet, purpose, at };
      tx.publish(this.events.gasSpent(spent));
    }
    if (row.purpose !== 'top_up' || row.outcome !== 'paid') return;
    const fact = { network, native, txHash, from, at, to: row.recipient };
    const blockNumber = row.block_number ?? '';
    tx.publish(this.events.toppedUp({ ...fact, blockNumber, wei: BigInt(row.amount) }));
  }
}

interface MinedRow {
  readonly address: string;
  readonly nonce: string;
  readonly hash: string | null;
  readonly block_number: string | null;
  readonly block_hash: string | null;
}

interface EndRow {
  readonly address: string;
  readonly nonce: string;
  readonly outcome: 'paid' | 'no_transfer' | 'reverted' | 'disputed' | 'void' | 'dead';
  readonly hash: string | null;
  readonly block_number: string | null;
  readonly block_hash: string | null;
  readonly reverted: boolean | null;
  readonly gas_used: string | null;
  readonly gas_price: string | null;
}

/** An address with a key also used outside this system. */
interface StrangeUse {
  readonly address: string;
  readonly because: string;
}

interface Findings {
  readonly mined: readonly MinedRow[];
  readonly ends: readonly EndRow[];
  readonly strange: readonly StrangeUse[];
}

export function findingsOf(decided: readonly DecidedNonce[]): Findings {
  const mined: MinedRow[] = [];
  const ends: EndRow[] = [];
  const strange: StrangeUse[] = [];
  for (const { row, decision, isForgottenVoid } of decided) {
    const place = { address: row.address, nonce: row.nonce };
    const { verdict } = decision;
    switch (verdict.kind) {
      case 'pending':
        if (row.mined_in !== null)
          mined.push({ ...place, hash: null, block_number: null, block_hash: null });
        break;
      case 'mined':
        mined.push({ ...place, hash: verdict.receipt.hash, ...blockOf(verdict.receipt) });
        break;
      case 'settled':
        ends.push({ ...place, outcome: 'paid', ...proofOf(verdict.receipt) });
        break;
      case 'failed':
        ends.push({ ...place, outcome: verdict.reason, ...proofOf(verdict.receipt) });
        break;
      case 'void':
        ends.push({ ...place, outcome: 'void', ...proofOf(verdict.receipt) });
        break;
      case 'disputed':
        ends.push({ ...place, outcome: 'disputed', ...proofOf(verdict.receipt) });
        break;
      case 'dead':
        ends.push({ ...place, outcome: 'dead', ...NO_PROOF });
        if (isForgottenVoid) break;
        strange.push({
          address: row.address,
          because: `nonce ${row.nonce} of the address was used by transaction ${verdict.usedBy} without a record: another party has the key`,
        });
        break;
      default:
        unreachable(verdict);
    }
  }
  return { mined, ends, strange };
}

const NO_PROOF = {
  hash: null,
  block_number: null,
  block_hash: null,
  reverted: null,
  gas_used: null,
  gas_price: null,
} as const;

function blockOf({ blockNumber, blockHash }: Receipt) {
  return { block_number: blockNumber.toString(), block_hash: blockHash };
}

function proofOf(receipt: Receipt) {
  return {
    hash: receipt.hash,
    ...blockOf(receipt),
    reverted: receipt.status === 'reverted',
    gas_used: receipt.gasUsed?.toString() ?? null,
    gas_price: receipt.effectiveGasPrice?.toString() ?? null,
  };
}
