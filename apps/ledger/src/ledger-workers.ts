import { BackgroundLoop } from '@sluice/background';
import type { Database } from '@sluice/postgres';
import type { Logger } from '@sluice/service-shell';
import { publishChainHeads, type ChainHeadPorts } from './hash-chain/publish-chain-heads.js';
import { expireDueHolds, type ExpiryPorts } from './expire-due-holds.js';
import { foldSharedSums } from './house-accounts/fold-shared-sums.js';

const EXPIRY_PAUSE_MS = 1_000;
const FOLD_PAUSE_MS = 1_000;
const CHAIN_PAUSE_MS = 10_000;

/** What the ledger does by itself, beside answering commands. Any number of instances may do it at once. */
export class LedgerWorkers {
  private readonly loops: readonly BackgroundLoop[];

  constructor(
    ports: ExpiryPorts & ChainHeadPorts & { readonly database: Database },
    logger: Pick<Logger, 'warn'>,
  ) {
    this.loops = [
      new BackgroundLoop('expire due holds', logger, async () =>
        (await expireDueHolds(ports)) > 0 ? 0 : EXPIRY_PAUSE_MS,
      ),
      new BackgroundLoop('fold shared accounts', logger, async () =>
        (await foldSharedSums(ports.database)) ? 0 : FOLD_PAUSE_MS,
      ),
      BackgroundLoop.every(CHAIN_PAUSE_MS, 'publish chain heads', logger, () =>
        publishChainHeads(ports),
      ),
    ];
  }

  start(): void {
    for (const loop of this.loops) loop.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}
