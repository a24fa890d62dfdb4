import { Injectable } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { TimeAndIds } from './commands/time-and-ids.js';
import { CompareHeads } from './hash-chain/compare-heads.js';
import { HeadSigner } from './hash-chain/head-signer.js';
import { publishAllHeadsNext, publishChainHeads } from './hash-chain/publish-chain-heads.js';

const CHAIN_PAUSE_MS = 10_000;
const COMPARE_PAUSE_MS = 500;
/** Interval for publishing all heads: a reader of the newest heads finds each chain. */
const ALL_HEADS_PAUSE_MS = 600_000;

/** Compares the chains with the heads seen earlier, and publishes their heads. */
@Injectable()
export class ChainHeadLoops {
  readonly loops: readonly BackgroundLoop[];

  constructor(
    unitOfWork: UnitOfWork,
    timeAndIds: TimeAndIds,
    signer: HeadSigner,
    compareHeads: CompareHeads,
    @InjectLogger() logger: Logger,
  ) {
    const publish = async (): Promise<number> => {
      if (!(await compareHeads.compare())) return COMPARE_PAUSE_MS;
      await publishChainHeads({ unitOfWork, signer, ...timeAndIds });
      return CHAIN_PAUSE_MS;
    };
    this.loops = [
      new BackgroundLoop('compare and publish chain heads', logger, publish, {
        firstRestMs: compareHeads.readsPublished ? 0 : CHAIN_PAUSE_MS,
      }),
      BackgroundLoop.every(ALL_HEADS_PAUSE_MS, 'publish all chain heads', logger, () =>
        publishAllHeadsNext(unitOfWork.database),
      ),
    ];
  }
}
