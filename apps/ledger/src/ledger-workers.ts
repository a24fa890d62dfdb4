import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { BackgroundLoop } from '@sluice/runtime';
import { Database, untilReachable } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { ChainKeys } from './hash-chain/chain-keys.js';
import { CompareHeads } from './hash-chain/compare-heads.js';
import { openChains } from './hash-chain/open-chains.js';

/** Loops of the ledger, in the order of their start (`BackgroundLoop[]`). */
export const LEDGER_LOOPS = Symbol('LedgerLoops');

/** Background work of the ledger. Any number of instances may run the work at the same time. */
@Injectable()
export class LedgerWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly chainKeys: ChainKeys,
    private readonly compareHeads: CompareHeads,
    @Inject(LEDGER_LOOPS) private readonly loops: readonly BackgroundLoop[],
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Opens the chains of a new book before the first booking. */
  async onApplicationBootstrap(): Promise<void> {
    const opened = await untilReachable(
      () => openChains(this.database, this.chainKeys),
      (error) => this.logger.warn({ err: error }, 'the hash chains could not be read'),
    );
    if (opened) this.logger.info({}, 'the hash chains of the new journal were opened');
    this.compareHeads.watch(() => {
      for (const loop of this.loops) loop.wake();
    });
    for (const loop of this.loops) loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}
