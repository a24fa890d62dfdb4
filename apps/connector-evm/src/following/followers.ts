import { Injectable } from '@nestjs/common';
import type { BackgroundLoop } from '@sluice/runtime';
import { InjectOwner, WorkerLeases } from '@sluice/connector-engine';
import { Database } from '@sluice/postgres';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import { WalletChains } from '../chain/wallet-chains.js';
import { NonceLanes } from '../lanes/lanes.js';
import { RememberedPayments } from '../sending/remembered-payments.js';
import { FinalLooks } from './final-looks.js';
import { ForgottenTransactions } from './forgotten-transactions.js';
import { FindingsStore } from './findings-store.js';
import { RELEASE_LEASES } from './follow-sql.js';
import { ChainFollower } from './follower.js';
import { FollowingSteps } from './steps.js';

/**
 * A follower per chain of this process. Across processes, a chain has a single active follower at a
 * time.
 */
@Injectable()
export class Followers {
  readonly loops: readonly BackgroundLoop[];
  private readonly followers: readonly ChainFollower[];

  constructor(
    chains: WalletChains,
    database: Database,
    lanes: NonceLanes,
    store: FindingsStore,
    steps: FollowingSteps,
    finals: FinalLooks,
    remembered: RememberedPayments,
    forgotten: ForgottenTransactions,
    leases: WorkerLeases,
    @InjectOwner() owner: string,
    @InjectLogger() logger: Logger,
    @InjectConfig() { voidAfterMs }: { readonly voidAfterMs: number },
  ) {
    const parts = {
      owner,
      database,
      chains,
      lanes,
      store,
      steps,
      finals,
      remembered,
      forgotten,
      logger,
      voidAfterMs,
    };
    this.followers = chains.all.map((chain) => new ChainFollower(chain, parts));
    this.loops = this.followers.map(({ loop }) => loop);
    leases.add({ release: async () => void (await database.query(RELEASE_LEASES, [owner])) });
  }

  /** Starts a poll now, for work not caused by a new block. */
  wake(): void {
    for (const follower of this.followers) follower.wake();
  }
}
