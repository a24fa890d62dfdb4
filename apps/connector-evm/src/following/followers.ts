import { Injectable } from '@nestjs/common';
import type { BackgroundLoop } from '@sluice/runtime';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { WalletChains } from '../chain/wallet-chains.js';
import { FollowChain } from './follow-chain.js';
import { FollowerTurns } from './follower-turns.js';
import { ForgottenTransactions } from './forgotten-transactions.js';
import { ChainFollower } from './follower.js';

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
    turns: FollowerTurns,
    forgotten: ForgottenTransactions,
    following: FollowChain,
    @InjectLogger() logger: Logger,
  ) {
    this.followers = chains.all.map(
      (chain) => new ChainFollower(chain, turns, forgotten, following, logger),
    );
    this.loops = this.followers.map(({ loop }) => loop);
  }

  /** Starts a poll now, for work not caused by a new block. */
  wake(): void {
    for (const follower of this.followers) follower.wake();
  }
}
