import type { Database } from '@sluice/postgres';
import type { Logger } from '@sluice/service-shell';
import { publishChainHeads, type ChainHeadPorts } from './hash-chain/publish-chain-heads.js';
import { expireDueHolds, type ExpiryPorts } from './holds/expire-due-holds.js';
import { runPeriodically } from './run-periodically.js';
import { foldSharedSums } from './house-accounts/fold-shared-sums.js';

const EXPIRY_PAUSE_MS = 1_000;
const FOLD_PAUSE_MS = 1_000;
const CHAIN_PAUSE_MS = 10_000;

/** What the ledger does by itself, beside answering commands. Any number of instances may do it at once. */
export class LedgerWorkers {
  private stops: (() => Promise<void>)[] = [];

  constructor(
    private readonly ports: ExpiryPorts & ChainHeadPorts & { readonly database: Database },
    private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  start(): void {
    const expiry = {
      name: 'expire due holds',
      pauseMs: EXPIRY_PAUSE_MS,
      work: async () => (await expireDueHolds(this.ports)) > 0,
    };
    const heads = {
      name: 'publish chain heads',
      pauseMs: CHAIN_PAUSE_MS,
      pauseFirst: true,
      work: () => publishChainHeads(this.ports).then(() => false),
    };
    const shared = {
      name: 'fold shared accounts',
      pauseMs: FOLD_PAUSE_MS,
      work: () => foldSharedSums(this.ports.database),
    };
    this.stops = [expiry, heads, shared].map((work) => runPeriodically(work, this.logger));
  }

  async stop(): Promise<void> {
    await Promise.all(this.stops.map((stop) => stop()));
  }
}
