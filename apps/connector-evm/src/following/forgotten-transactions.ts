import { Injectable } from '@nestjs/common';
import type { Address, Hex } from 'viem';
import { type ChainSettings, type Head, isSameAddress, readTransferCalldata } from '@sluice/evm';
import type { Asset } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { FaultLog } from '@sluice/runtime';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import {
  type Chain,
  nativeOf,
  payableAssets,
  type SentTransaction,
  type UsedNonce,
} from '../chain/chain.js';
import { countNonces, NonceLanes, ON_RECORD } from '../lanes/lanes.js';
import { FindingsStore, type FollowerLease } from './findings-store.js';

/** Number of blocks read in one step of the follower. */
const BLOCKS_AT_ONCE = 40n;
/** Number of blocks read again, because the stored head may be a block of a fork. */
const OVERLAP = 16n;

interface UnreadLane {
  readonly address: Address;
  readonly unread_block: string;
}

interface NotedTransaction {
  readonly address: Address;
  readonly nonce: string;
  readonly hash: string;
  /** Null, like the two below, for a transaction that paid nothing to another address. */
  readonly asset: string | null;
  readonly amount: string | null;
  readonly recipient: string | null;
}

interface MissingNonce {
  readonly address: Address;
  readonly nonce: string;
  readonly is_final: boolean;
}

/** Records transactions that only the chain has, as after a restore, for comparison with all orders. */
@Injectable()
export class ForgottenTransactions {
  /** Last block read by this process, by network. */
  private readonly readTo = new Map<string, bigint>();
  private readonly faults: FaultLog;

  constructor(
    private readonly database: Database,
    private readonly store: FindingsStore,
    private readonly lanes: NonceLanes,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.faults = new FaultLog(logger);
  }

  /** Reads the next blocks while the addresses are not compared. The next step of the follower repeats a request without an answer. */
  async read(lease: FollowerLease, chain: Chain, head: Head): Promise<void> {
    const { network } = chain.settings;
    if (this.lanes.areRead(network)) return;
    const lanes = await this.database.query<UnreadLane>(UNREAD_LANES, [network]);
    if (lanes.length === 0) return void this.readTo.delete(network);
    const addresses = lanes.map(({ address }) => address);
    const blocks = lanes.map((lane) => BigInt(lane.unread_block));
    const oldest = blocks.reduce((least, one) => (one < least ? one : least)) - OVERLAP;
    const from = (this.readTo.get(network) ?? (oldest < 1n ? 0n : oldest - 1n)) + 1n;
    const last = from + BLOCKS_AT_ONCE - 1n;
    const to = last < head.finalNumber ? last : head.finalNumber;
    if (from <= to) {
      const sent = await chain.sentIn(addresses, from, to);
      if (sent === null || !(await this.note(lease, chain, sent))) return;
      this.readTo.set(network, to);
    }
    if (to >= head.finalNumber) await this.end(lease, chain, head, addresses);
  }

  /** Returns false if a receipt is missing, or if another process follows the chain. */
  private async note(
    lease: FollowerLease,
    chain: Chain,
    sent: readonly SentTransaction[],
  ): Promise<boolean> {
    if (sent.length === 0) return true;
    const receipts = await chain.receipts(sent.map(({ hash }) => hash));
    const rows = sent.flatMap((one) => {
      const receipt = receipts?.get(one.hash);
      if (!receipt || receipt.status === 'unknown') return [];
      const paid = receipt.status === 'success' ? forgottenPayment(one, chain.settings) : null;
      return {
        address: one.from,
        nonce: one.nonce.toString(),
        hash: one.hash,
        block_number: one.blockNumber.toString(),
        asset: paid?.asset ?? null,
        amount: paid?.amount.toString() ?? null,
        recipient: paid?.recipient ?? null,
      };
    });
    if (rows.length < sent.length) return false;
    return this.store.fenced(lease, async (tx) => {
      for (const noted of await tx.query<NotedTransaction>(NOTE, [
        lease.network,
        JSON.stringify(rows),
      ]))
        this.logger.error(
          { network: lease.network, ...noted },
          'the chain has a transaction of a wallet address without a record: its payment will be compared with the orders',
        );
    });
  }

  /** Ends the reading if each nonce that the chain knows of the addresses has a row. */
  private async end(
    lease: FollowerLease,
    chain: Chain,
    head: Head,
    addresses: readonly Address[],
  ): Promise<void> {
    const { network } = lease;
    const [counts, pending] = await Promise.all([
      countNonces(chain, head, addresses),
      chain.nonces(addresses, 'pending'),
    ]);
    if (counts === null || pending === null) return;
    const used = addresses.map((address) => ({
      address,
      final: (counts.final.get(address) ?? 0n).toString(),
      latest: (counts.latest.get(address) ?? 0n).toString(),
      pending: (pending.get(address) ?? 0n).toString(),
    }));
    const missing = await this.database.query<MissingNonce>(MISSING, [
      network,
      JSON.stringify(used),
    ]);
    if (missing.length === 0) {
      await this.store.fenced(lease, async (tx) => {
        await tx.query(ARE_READ, [network, JSON.stringify(used)]);
      });
      this.readTo.delete(network);
      return;
    }
    const isHidden = missing.some((one) => one.is_final);
    if (isHidden) this.readTo.delete(network); // another node may be the one that is read next
    this.faults.warn(
      `${network} ${isHidden}`,
      { network, missing: missing.slice(0, 5) },
      isHidden
        ? 'the blocks of a node lack transactions of a wallet address: the blocks will be read again'
        : 'transactions of a wallet address without a record are not final yet: the network sends no payment until they are',
    );
  }
}

const UNREAD_LANES = `
  SELECT address, unread_block::text FROM lane WHERE network = $1 AND unread_nonce IS NOT NULL ORDER BY address`;

const NOTE = `
  INSERT INTO forgotten_transaction (network, address, nonce, hash, block_number, asset, amount, recipient)
  SELECT $1, s.address, s.nonce, s.hash, s.block_number, s.asset, s.amount, s.recipient
    FROM json_to_recordset($2::json) AS s(address text, nonce bigint, hash text, block_number bigint, asset text, amount numeric, recipient text)
    JOIN lane l ON l.network = $1 AND l.address = s.address AND s.nonce >= l.unread_nonce
   WHERE NOT EXISTS (SELECT FROM nonce n WHERE n.network = $1 AND n.address = s.address AND n.nonce = s.nonce AND ${ON_RECORD})
  ON CONFLICT DO NOTHING
  RETURNING address, nonce::text, hash, asset, amount::text, recipient`;

const USED =
  'json_to_recordset($2::json) AS u(address text, final bigint, latest bigint, pending bigint)';

const MISSING = `
  SELECT l.address, used::text AS nonce, used < u.final AS is_final
    FROM lane l JOIN ${USED} ON u.address = l.address, generate_series(l.unread_nonce, greatest(u.latest, u.pending) - 1) AS used
   WHERE l.network = $1
     AND NOT EXISTS (SELECT FROM nonce n WHERE n.network = $1 AND n.address = l.address AND n.nonce = used AND ${ON_RECORD})
     AND NOT EXISTS (SELECT FROM forgotten_transaction f WHERE f.network = $1 AND f.address = l.address AND f.nonce = used)
   ORDER BY l.address, used LIMIT 100`;

const ARE_READ = `
  UPDATE lane l
     SET unread_nonce = NULL, unread_block = NULL, next_nonce = greatest(l.next_nonce, u.final),
         complete_from = CASE WHEN l.next_nonce < u.final THEN u.final ELSE l.complete_from END
    FROM ${USED} WHERE l.network = $1 AND l.address = u.address AND l.unread_nonce IS NOT NULL`;

interface ForgottenPayment {
  readonly asset: Asset;
  /** In the smallest units. */
  readonly amount: bigint;
  readonly recipient: Address;
}

/** Null for a void, a top-up of our own address, and any call other than a plain transfer of a configured asset. */
export function forgottenPayment(
  { to, value, input }: UsedNonce,
  settings: ChainSettings,
): ForgottenPayment | null {
  const transfer = to === null ? null : transferOf(to, value, input, settings);
  const isOurs = settings.wallets.some(
    ({ address }) => transfer !== null && isSameAddress(address, transfer.recipient),
  );
  return transfer === null || transfer.amount === 0n || isOurs ? null : transfer;
}

function transferOf(
  to: Address,
  value: bigint,
  input: Hex,
  settings: ChainSettings,
): ForgottenPayment | null {
  if (input === '0x') return { asset: nativeOf(settings).asset, amount: value, recipient: to };
  const paid = [...payableAssets([settings]).values()].find(
    ({ token }) => token !== null && isSameAddress(token, to),
  );
  const call = readTransferCalldata(input);
  return paid === undefined || call === null
    ? null
    : { asset: paid.asset, amount: call.amount, recipient: call.to };
}
