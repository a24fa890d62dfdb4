import { BackgroundLoop, crashAt, type Logger } from '@sluice/runtime';
import type { Head } from '@sluice/evm';
import type { Database } from '@sluice/postgres';
import type { Address, Hex } from 'viem';
import type { Chain } from '../chain/chain.js';
import type { WalletChains } from '../chain/wallet-chains.js';
import { countNonces, type NonceLanes, type NonceCounts } from '../lanes/lanes.js';
import type { RememberedPayments } from '../sending/remembered-payments.js';
import { nativeOf } from '../chain/payable-assets.js';
import { blockHashesOf, lookAt, type DecidedNonce, type Followed } from './chain-look.js';
import type { FinalLooks } from './final-looks.js';
import type { ForgottenTransactions } from './forgotten-transactions.js';
import type { FindingsStore, FollowerLease } from './findings-store.js';
import {
  FILL_MISSING,
  GIVE_UP,
  LANE_ADDRESSES,
  MINED_BLOCKS,
  MINED_IN,
  OPEN,
  TAKE_LEASE,
  WITH_TRANSACTIONS,
} from './follow-sql.js';
import { openNonce, type OpenRow } from './open-row.js';
import type { FollowingSteps } from './steps.js';
import { findingsOf } from './verdicts.js';

/**
 * Short, because another process should take over soon after a crash. Late writes of a slow process
 * are rejected by token.
 */
const LEASE_MS = 5_000;
const REST_MS = 250;
const AWAY_MS = 1_000;
/** Maximum number of nonces per poll. */
const AT_ONCE = 3_000;
/**
 * Poll interval while the head is unchanged: no transaction can have been mined, but transactions
 * may have been lost.
 */
const SAME_HEAD_MS = 2_000;

interface FollowerParts {
  readonly owner: string;
  readonly database: Database;
  readonly chains: WalletChains;
  readonly lanes: NonceLanes;
  readonly store: FindingsStore;
  readonly steps: FollowingSteps;
  readonly finals: FinalLooks;
  readonly remembered: RememberedPayments;
  readonly forgotten: ForgottenTransactions;
  readonly logger: Logger;
  readonly voidAfterMs: number;
}

interface FollowedPlace {
  readonly address: Address;
  readonly nonce: string;
}

/**
 * Follows a chain: at each new head, checks all signed transactions that are not final. Queries and
 * writes are batched, and only a single process follows a chain at a time. Findings are stored
 * before any action on them.
 */
export class ChainFollower {
  readonly loop: BackgroundLoop;
  private seen: Hex | null = null;
  private restedMs = 0;
  /** Withdrawals of which the signer has told all that it remembers. */
  private readonly recalled = new Set<string>();

  constructor(
    private readonly chain: Chain,
    private readonly parts: FollowerParts,
  ) {
    const { network } = chain.settings;
    this.loop = new BackgroundLoop(`following ${network}`, parts.logger, () => this.step());
  }

  wake(): void {
    this.seen = null;
    this.loop.wake();
  }

  private async step(): Promise<number> {
    const { lanes, forgotten } = this.parts;
    // In each process, also in one that only pays.
    const areInstalled = await lanes.install(this.chain);
    const lease = await this.lease();
    if (lease === null) return AWAY_MS;
    const head = areInstalled ? await this.chain.head() : null;
    if (head === null) {
      this.parts.logger.warn(
        { network: lease.network, causes: this.chain.trouble() },
        'the chain could not be polled and will be polled again',
      );
      return AWAY_MS;
    }
    if (!lanes.areRead(lease.network)) await forgotten.read(lease, this.chain, head);
    if (head.hash === this.seen && this.restedMs < SAME_HEAD_MS) {
      this.restedMs += REST_MS;
      return REST_MS;
    }
    this.restedMs = 0;
    if (await this.look(lease, head)) this.seen = head.hash;
    return REST_MS;
  }

  private async lease(): Promise<FollowerLease | null> {
    const { network } = this.chain.settings;
    const { owner, database } = this.parts;
    const { generation } = database.continuity;
    const [row] = await database.query<{ token: string }>(TAKE_LEASE, [network, owner, LEASE_MS]);
    return row === undefined ? null : { network, owner, token: row.token, generation };
  }

  /** Returns false if the chain did not answer, or if another process follows by now. */
  private async look(lease: FollowerLease, head: Head): Promise<boolean> {
    const counts = await this.countNonces(head);
    if (counts === null) return false;
    await this.giveUp(lease, counts);
    const followed = await this.due(head);
    if (followed === null) return false;
    const decided = await lookAt(this.chain, head, counts, followed);
    if (decided === null) return false;
    const findings = findingsOf(decided);
    if (findings.mined.length + findings.ends.length > 0) crashAt('wallet.after-look');
    const { store, steps, finals } = this.parts;
    // Runs before newer final transactions are stored, because the newest stored block proves all
    // earlier blocks.
    if (!(await finals.look(lease, this.chain, head))) return false;
    const isOurs = await store.store(lease, this.chain.settings, head, findings);
    if (!isOurs) return false;
    await steps.take(this.chain, head, decided);
    await this.recall(lease, decided);
    return true;
  }

  /**
   * Stores the transactions remembered by the signer. A transaction unknown to the signer needs a
   * person.
   */
  private async recall(lease: FollowerLease, decided: readonly DecidedNonce[]): Promise<void> {
    const forgotten = decided.flatMap(({ row, forgotten: hash }) =>
      hash === null || row.withdrawal_id === null
        ? []
        : [{ withdrawalId: row.withdrawal_id, hash }],
    );
    if (forgotten.length === 0) return;
    const { remembered, store } = this.parts;
    await store.openForgotten(
      lease,
      forgotten.filter(({ withdrawalId }) => this.recalled.has(withdrawalId)),
    );
    const ids = forgotten.map(({ withdrawalId }) => withdrawalId);
    const { kind } = await remembered.recallOf(ids);
    if (kind === 'recalled') for (const id of ids) this.recalled.add(id);
  }

  private async countNonces(head: Head): Promise<NonceCounts | null> {
    const rows = await this.parts.database.query<{ address: Address }>(LANE_ADDRESSES, [
      this.chain.settings.network,
    ]);
    return countNonces(
      this.chain,
      head,
      rows.map(({ address }) => address),
    );
  }

  /** Creates voids for abandoned nonces, and for missing nonces. */
  private async giveUp({ network }: FollowerLease, { final }: NonceCounts): Promise<void> {
    const { database, logger, voidAfterMs } = this.parts;
    const native = nativeOf(this.chain.settings).asset;
    const used = [...final].map(([address, count]) => ({ address, used: count.toString() }));
    const [given, missing] = await Promise.all([
      database.query<FollowedPlace>(GIVE_UP, [network, voidAfterMs, native]),
      database.query<FollowedPlace>(FILL_MISSING, [network, JSON.stringify(used), native]),
    ]);
    for (const place of given)
      logger.info({ network, ...place }, 'a nonce was given up: a void transaction will use it');
    for (const place of missing)
      logger.warn(
        { network, ...place },
        'a nonce without a record will be filled with a void transaction',
      );
  }

  /**
   * Nonces in no block, in a block that is gone, or in a block now final. Null if a block could not
   * be read.
   */
  private async due(head: Head): Promise<Followed[] | null> {
    const { network } = this.chain.settings;
    const { database } = this.parts;
    const blocks = await database.query<{ block_number: string; block_hash: Hex }>(MINED_BLOCKS, [
      network,
    ]);
    const numbers = [...new Set(blocks.map((block) => BigInt(block.block_number)))];
    const hashes = await blockHashesOf(this.chain, numbers);
    const moved = blocks.filter(({ block_number: number, block_hash: hash }) => {
      const now = hashes.get(BigInt(number)) ?? null;
      const isFinal = BigInt(number) <= head.finalNumber;
      // A block above the head belongs to an abandoned fork.
      return BigInt(number) > head.number || (now !== null && (isFinal || now !== hash));
    });
    const [open, again] = await Promise.all([
      database.query<FollowedPlace>(OPEN, [network, AT_ONCE]),
      moved.length === 0
        ? []
        : database.query<FollowedPlace>(MINED_IN, [
            network,
            moved.map((block) => block.block_number),
            AT_ONCE,
          ]),
    ]);
    const places = [...again, ...open];
    if (places.length === 0) return [];
    const rows = await database.query<OpenRow>(WITH_TRANSACTIONS, [
      network,
      JSON.stringify(places),
    ]);
    const { assets } = this.parts.chains;
    return rows.map((row) => ({ row, open: openNonce(row, assets) }));
  }
}
