import { Injectable } from '@nestjs/common';
import type { Hex } from 'viem';
import { InjectOwner, WorkerLeases } from '@sluice/connector-engine';
import type { Head } from '@sluice/evm';
import { Database } from '@sluice/postgres';
import {
  BackgroundLoop,
  causeOf,
  FaultLog,
  type Logger,
  monotonicMs,
  Patience,
} from '@sluice/runtime';
import { Check, InjectPlatform, type Platform } from '@sluice/service-shell';
import type { Chain } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { NonceLanes } from '../lanes/lanes.js';
import type { FollowerLease } from './findings-store.js';
import { FollowChain } from './follow-chain.js';
import { RELEASE_LEASES, TAKE_LEASE } from './follow-sql.js';
import { ForgottenTransactions } from './forgotten-transactions.js';

const REST_MS = 250;
const AWAY_MS = 1_000;
/** Poll interval at an unchanged head: transactions may have been lost. */
const SAME_HEAD_MS = 2_000;
/** Poll interval while no transaction of ours waits. A sent payment ends the rest. */
const AT_REST_MS = 5_000;

interface FollowerParts {
  readonly turns: FollowerTurns;
  readonly forgotten: ForgottenTransactions;
  readonly following: FollowChain;
  readonly check: Check;
}

/** Follows a chain: checks all open transactions at each new head. One process follows at a time. */
class ChainFollower {
  readonly loop: BackgroundLoop;
  private readonly faults: FaultLog;
  private seen: Hex | null = null;
  private restedMs = 0;
  private isAtRest = false;
  private wakes = 0;
  private sent = 0;

  constructor(
    private readonly chain: Chain,
    private readonly parts: FollowerParts,
    logger: Logger,
  ) {
    this.faults = new FaultLog(logger);
    const { network } = chain.settings;
    this.loop = new BackgroundLoop(`following ${network}`, logger, () => this.step());
  }

  wake(): void {
    this.seen = null;
    this.isAtRest = false;
    this.wakes += 1;
    this.loop.wake();
  }

  /** A payment was sent: the next new head is checked again. */
  endRest(): void {
    this.isAtRest = false;
    this.sent += 1;
  }

  private async step(): Promise<number> {
    const { turns, forgotten, following, check } = this.parts;
    const turn = await turns.take(this.chain);
    if (turn === null) return AWAY_MS;
    const { lease, head } = turn;
    if (head === null) {
      const causes = this.chain.trouble();
      this.faults.warn(
        causeOf(causes.join('; ')),
        { network: lease.network, causes },
        'the chain could not be polled and will be polled again',
      );
      check.attempted();
      return AWAY_MS;
    }
    await forgotten.read(lease, this.chain, head);
    if (this.mayRest(head)) {
      this.restedMs += REST_MS;
      return REST_MS;
    }
    this.restedMs = 0;
    this.isAtRest = false;
    const { wakes, sent } = this;
    const result = await following.look(this.chain, lease, head);
    if (result === 'failed') {
      turns.renew(lease);
      if (this.chain.trouble().length > 0) check.attempted();
      return REST_MS;
    }
    check.completed();
    if (wakes !== this.wakes) return 0; // the poll may have missed a cancel requested meanwhile
    this.seen = head.hash;
    this.isAtRest = result === 'at rest' && sent === this.sent;
    return REST_MS;
  }

  private mayRest(head: Head): boolean {
    if (this.isAtRest) return this.restedMs < AT_REST_MS;
    return head.hash === this.seen && this.restedMs < SAME_HEAD_MS;
  }
}

/** Short, for a take-over soon after a crash. Late writes are rejected by token. */
const LEASE_MS = 5_000;
/** Age of the lease until a renewal. Each write requires the token. */
const RENEW_AFTER_MS = 2_000;
/** Time of refusals after which a process takes the lease: the login can write any owner. */
const LONGEST_REFUSAL_MS = 60_000;

interface KeptLease {
  readonly lease: FollowerLease;
  /** Monotonic time before the lease was requested. */
  readonly askedAtMs: number;
}

interface Turn {
  readonly lease: FollowerLease;
  /** Null while the chain cannot be polled. */
  readonly head: Head | null;
}

/** Selects the single process that follows a chain. */
@Injectable()
export class FollowerTurns {
  private readonly patience = new Map<string, Patience>();
  private readonly kept = new Map<string, KeptLease>();

  constructor(
    private readonly database: Database,
    private readonly lanes: NonceLanes,
    @InjectOwner() private readonly owner: string,
    leases: WorkerLeases,
  ) {
    leases.add({ release: async () => void (await database.query(RELEASE_LEASES, [owner])) });
  }

  /** Returns null while another process follows the chain. */
  async take(chain: Chain): Promise<Turn | null> {
    // Each process does this, also a process that only pays.
    const areInstalled = await this.lanes.install(chain);
    const lease = await this.lease(chain);
    return lease && { lease, head: areInstalled ? await chain.head() : null };
  }

  /** Ends the use of a lease before its renewal, for example after a refused write. */
  renew({ network }: FollowerLease): void {
    this.kept.delete(network);
  }

  private async lease(chain: Chain): Promise<FollowerLease | null> {
    const { network } = chain.settings;
    const { generation } = this.database.continuity;
    const kept = this.kept.get(network);
    const askedAtMs = monotonicMs();
    if (kept?.lease.generation === generation && askedAtMs - kept.askedAtMs < RENEW_AFTER_MS)
      return kept.lease;
    const lease = await this.request(network, generation);
    if (lease === null) this.kept.delete(network);
    else this.kept.set(network, { lease, askedAtMs });
    return lease;
  }

  private async request(network: string, generation: number): Promise<FollowerLease | null> {
    const { owner, database } = this;
    const take = async (anyway: boolean): Promise<string | null> => {
      const given = [network, owner, LEASE_MS, anyway];
      const [row] = await database.query<{ token: string }>(TAKE_LEASE, given);
      return row?.token ?? null;
    };
    let token: string | null = null;
    const isMine = await this.patienceFor(network).permits(
      async () => (token = await take(false)) !== null,
    );
    if (isMine) token ??= await take(true);
    return token === null ? null : { network, owner, token, generation };
  }

  private patienceFor(network: string): Patience {
    const patience = this.patience.get(network) ?? new Patience(LONGEST_REFUSAL_MS);
    this.patience.set(network, patience);
    return patience;
  }
}

/** Two processes of one wallet take turns of a minute. */
const CHECKED_EVERY_MS = 60_000;

/** A follower per chain of this process; one process per chain is active. */
@Injectable()
export class Followers {
  readonly loops: readonly BackgroundLoop[];
  private readonly followers: readonly ChainFollower[];

  constructor(
    chains: WalletChains,
    turns: FollowerTurns,
    forgotten: ForgottenTransactions,
    following: FollowChain,
    @InjectPlatform() { logger, health }: Pick<Platform, 'logger' | 'health'>,
  ) {
    this.followers = chains.all.map((chain) => {
      const name = `chain ${chain.settings.network}`;
      const check = health.watch(new Check({ name, everyMs: CHECKED_EVERY_MS }));
      return new ChainFollower(chain, { turns, forgotten, following, check }, logger);
    });
    this.loops = this.followers.map(({ loop }) => loop);
  }

  /** Ends the rest of the followers without a poll: no block can have the payment yet. */
  endRest(): void {
    for (const follower of this.followers) follower.endRest();
  }

  /** Starts a poll now, for work not caused by a new block. */
  wake(): void {
    for (const follower of this.followers) follower.wake();
  }
}
