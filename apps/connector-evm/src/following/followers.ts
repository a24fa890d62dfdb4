import { Injectable } from '@nestjs/common';
import type { BackgroundLoop } from '@sluice/runtime';
import { Check, InjectPlatform, type Platform } from '@sluice/service-shell';
import { WalletChains } from '../chain/wallet-chains.js';
import { FollowChain } from './follow-chain.js';
import { FollowerTurns } from './follower-turns.js';
import { ForgottenTransactions } from './forgotten-transactions.js';
import { ChainFollower } from './follower.js';

/** Two processes of one wallet take turns of a minute. */
const CHECKED_EVERY_MS = 60_000;

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
