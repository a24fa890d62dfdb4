import { Injectable } from '@nestjs/common';
import { InjectOwner, WorkerLeases } from '@sluice/connector-engine';
import type { Head } from '@sluice/evm';
import { Database } from '@sluice/postgres';
import { monotonicMs, Patience } from '@sluice/runtime';
import type { Chain } from '../chain/chain.js';
import { NonceLanes } from '../lanes/lanes.js';
import type { FollowerLease } from './findings-store.js';
import { RELEASE_LEASES, TAKE_LEASE } from './follow-sql.js';

/**
 * Short, because another process should take over soon after a crash. Late writes of a slow process
 * are rejected by token.
 */
const LEASE_MS = 5_000;
/**
 * Age of the lease until a renewal. A lease taken over meanwhile permits no write, because each
 * write requires its token.
 */
const RENEW_AFTER_MS = 2_000;
/**
 * Time of refusals after which a process takes the lease from its owner: the database login can
 * write any owner. Between running processes the work changes hands, and each proves its checks.
 */
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
    // In each process, also in one that only pays.
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
