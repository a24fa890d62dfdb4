import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackgroundLoop } from '@sluice/background';
import { ledgerChainHeads } from '@sluice/messages';
import { Database, UnitOfWork, untilReachable } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import { ApplyCommands } from './commands/apply-commands.js';
import { TimeAndIds } from './commands/time-and-ids.js';
import { beginKeyedChains } from './hash-chain/begin-keyed-chains.js';
import { ChainKeys } from './hash-chain/chain-keys.js';
import { HeadSigner } from './hash-chain/head-signer.js';
import { publishAllHeadsNext, publishChainHeads } from './hash-chain/publish-chain-heads.js';
import { expireDueHolds } from './holds/expire-due-holds.js';
import { foldSharedSums } from './house-accounts/fold-shared-sums.js';

const EXPIRY_PAUSE_MS = 1_000;
const FOLD_PAUSE_MS = 1_000;
const CHAIN_PAUSE_MS = 10_000;

/** What the ledger does by itself, beside answering commands. Any number of instances may do it at once. */
@Injectable()
export class LedgerWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: readonly BackgroundLoop[];

  constructor(
    private readonly database: Database,
    unitOfWork: UnitOfWork,
    applyCommands: ApplyCommands,
    timeAndIds: TimeAndIds,
    private readonly chainKeys: ChainKeys,
    signer: HeadSigner,
    @InjectLogger() private readonly logger: Logger,
    @InjectPlatform() private readonly platform: Pick<Platform, 'onLogLoss'>,
  ) {
    const ports = { database, unitOfWork, applyCommands, signer, ...timeAndIds };
    this.loops = [
      new BackgroundLoop('expire due holds', logger, async () =>
        (await expireDueHolds(ports)) > 0 ? 0 : EXPIRY_PAUSE_MS,
      ),
      new BackgroundLoop('fold shared accounts', logger, async () =>
        (await foldSharedSums(database)) ? 0 : FOLD_PAUSE_MS,
      ),
      BackgroundLoop.every(CHAIN_PAUSE_MS, 'publish chain heads', logger, () =>
        publishChainHeads(ports),
      ),
    ];
  }

  /** Before anything is booked: the chains' first keyed link is the one that says so. */
  async onApplicationBootstrap(): Promise<void> {
    const began = await untilReachable(
      () => beginKeyedChains(this.database, this.chainKeys),
      (error) => this.logger.warn({ err: error }, 'the chains cannot be looked at'),
    );
    if (began) this.logger.info({}, 'from now on the chains of the journal are keyed');
    this.platform.onLogLoss((topic) => {
      if (topic !== ledgerChainHeads.name) return;
      publishAllHeadsNext(this.database).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'heads that were lost are not published again'),
      );
    });
    for (const loop of this.loops) loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}
