import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database, UnitOfWork } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { ApplyCommands } from './commands/apply-commands.js';
import { TimeAndIds } from './commands/time-and-ids.js';
import { publishChainHeads } from './hash-chain/publish-chain-heads.js';
import { expireDueHolds } from './holds/expire-due-holds.js';
import { foldSharedSums } from './house-accounts/fold-shared-sums.js';
import { runPeriodically } from './run-periodically.js';

const EXPIRY_PAUSE_MS = 1_000;
const FOLD_PAUSE_MS = 1_000;
const CHAIN_PAUSE_MS = 10_000;

/** What the ledger does by itself, beside answering commands. Any number of instances may do it at once. */
@Injectable()
export class LedgerWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private stops: (() => Promise<void>)[] = [];

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly applyCommands: ApplyCommands,
    private readonly timeAndIds: TimeAndIds,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { database, unitOfWork, applyCommands } = this;
    const ports = { database, unitOfWork, applyCommands, ...this.timeAndIds };
    const expiry = {
      name: 'expire due holds',
      pauseMs: EXPIRY_PAUSE_MS,
      work: async () => (await expireDueHolds(ports)) > 0,
    };
    const heads = {
      name: 'publish chain heads',
      pauseMs: CHAIN_PAUSE_MS,
      pauseFirst: true,
      work: () => publishChainHeads(ports).then(() => false),
    };
    const shared = {
      name: 'fold shared accounts',
      pauseMs: FOLD_PAUSE_MS,
      work: () => foldSharedSums(database),
    };
    this.stops = [expiry, heads, shared].map((work) => runPeriodically(work, this.logger));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.stops.map((stop) => stop()));
  }
}
