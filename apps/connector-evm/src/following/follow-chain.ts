import { Injectable } from '@nestjs/common';
import type { Head } from '@sluice/evm';
import { crashAt } from '@sluice/runtime';
import type { Chain } from '../chain/chain.js';
import { RememberedPayments } from '../sending/remembered-payments.js';
import { lookAt, type DecidedNonce } from './chain-look.js';
import { FinalLooks } from './final-looks.js';
import { FindingsStore, type FollowerLease } from './findings-store.js';
import { FollowedNonces } from './followed-nonces.js';
import { FollowingSteps } from './steps.js';
import { findingsOf } from './verdicts.js';

/** `failed`: the chain did not answer, or another process follows by now. */
type LookResult = 'failed' | 'waiting' | 'at rest';

/**
 * Checks all signed transactions of a chain that are not final. Findings are stored before any
 * action on them.
 */
@Injectable()
export class FollowChain {
  /** Final transactions about which the signer has told all that it remembers. */
  private readonly recalled = new Set<string>();
  /** Final transactions with a case. */
  private readonly opened = new Set<string>();

  constructor(
    private readonly nonces: FollowedNonces,
    private readonly finals: FinalLooks,
    private readonly store: FindingsStore,
    private readonly steps: FollowingSteps,
    private readonly remembered: RememberedPayments,
  ) {}

  /** Returns `at rest` if no signed transaction waits for a block or for its finality. */
  async look(chain: Chain, lease: FollowerLease, head: Head): Promise<LookResult> {
    const counts = await this.nonces.count(chain, head);
    if (counts === null) return 'failed';
    await this.nonces.giveUp(chain, counts);
    const due = await this.nonces.due(chain, head);
    if (due === null) return 'failed';
    const decided = await lookAt(chain, head, counts, due.followed);
    if (decided === null) return 'failed';
    const findings = findingsOf(decided);
    if (findings.mined.length + findings.ends.length > 0) crashAt('wallet.after-look');
    // Runs before newer final transactions are stored, because the newest stored block proves all
    // earlier blocks.
    if (!(await this.finals.look(lease, chain, head))) return 'failed';
    const isOurs = await this.store.store(lease, chain.settings, head, findings);
    if (!isOurs) return 'failed';
    await this.steps.take(chain, head, decided);
    await this.recall(lease, decided);
    return due.isAtRest ? 'at rest' : 'waiting';
  }

  /**
   * Stores the transactions remembered by the signer. A transaction unknown to the signer needs a
   * person.
   */
  private async recall(lease: FollowerLease, decided: readonly DecidedNonce[]): Promise<void> {
    const forgotten = decided.flatMap(({ row, forgotten: hash }) =>
      hash === null || row.withdrawal_id === null
        ? []
        : [{ withdrawalId: row.withdrawal_id, hash, key: `${lease.generation} ${hash}` }],
    );
    const isNew = forgotten.filter(({ key }) => !this.recalled.has(key));
    const isKnown = forgotten.filter(({ key }) => this.recalled.has(key) && !this.opened.has(key));
    if (isKnown.length > 0 && (await this.store.openForgotten(lease, isKnown)))
      for (const { key } of isKnown) this.opened.add(key);
    if (isNew.length === 0) return;
    const ids = isNew.map(({ withdrawalId }) => withdrawalId);
    const { kind } = await this.remembered.recallOf(ids);
    if (kind === 'recalled') for (const { key } of isNew) this.recalled.add(key);
  }
}
