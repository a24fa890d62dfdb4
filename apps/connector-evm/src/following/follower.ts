import { BackgroundLoop, causeOf, FaultLog, type Logger } from '@sluice/runtime';
import type { Check } from '@sluice/service-shell';
import type { Head } from '@sluice/evm';
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
/**
 * Poll interval while no transaction of ours waits. A sent payment ends the rest; a payment sent by
 * another process is seen at the next poll.
 */
const AT_REST_MS = 5_000;

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
