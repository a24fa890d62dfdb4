import { BackgroundLoop, type Logger } from '@sluice/runtime';
import type { Check } from '@sluice/service-shell';
import type { Hex } from 'viem';
import type { Chain } from '../chain/chain.js';
import type { FollowChain } from './follow-chain.js';
import type { FollowerTurns } from './follower-turns.js';
import type { ForgottenTransactions } from './forgotten-transactions.js';

const REST_MS = 250;
const AWAY_MS = 1_000;
/**
 * Poll interval while the head is unchanged: no transaction can have been mined, but transactions
 * may have been lost.
 */
const SAME_HEAD_MS = 2_000;

interface FollowerParts {
  readonly turns: FollowerTurns;
  readonly forgotten: ForgottenTransactions;
  readonly following: FollowChain;
  readonly check: Check;
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

  constructor(
    private readonly chain: Chain,
    private readonly parts: FollowerParts,
    private readonly logger: Logger,
  ) {
    const { network } = chain.settings;
    this.loop = new BackgroundLoop(`following ${network}`, logger, () => this.step());
  }

  wake(): void {
    this.seen = null;
    this.loop.wake();
  }

  private async step(): Promise<number> {
    const { turns, forgotten, following, check } = this.parts;
    const turn = await turns.take(this.chain);
    if (turn === null) return AWAY_MS;
    const { lease, head } = turn;
    if (head === null) {
      this.logger.warn(
        { network: lease.network, causes: this.chain.trouble() },
        'the chain could not be polled and will be polled again',
      );
      check.attempted();
      return AWAY_MS;
    }
    await forgotten.read(lease, this.chain, head);
    if (head.hash === this.seen && this.restedMs < SAME_HEAD_MS) {
      this.restedMs += REST_MS;
      return REST_MS;
    }
    this.restedMs = 0;
    if (await following.look(this.chain, lease, head)) {
      this.seen = head.hash;
      check.completed();
    } else if (this.chain.trouble().length > 0) check.attempted();
    return REST_MS;
  }
}
