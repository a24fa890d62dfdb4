import { Injectable } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { UnitOfWork } from '@sluice/postgres';
import { Check, InjectPlatform, type Platform } from '@sluice/service-shell';
import { TimeAndIds } from './commands/time-and-ids.js';
import { CompareHeads } from './hash-chain/compare-heads.js';
import { HeadSigner } from './hash-chain/head-signer.js';
import { publishAllHeadsNext, publishChainHeads } from './hash-chain/publish-chain-heads.js';

const CHAIN_PAUSE_MS = 10_000;
/** A comparison and its publication follow each other with a pause. */
const CHECKED_EVERY_MS = 2 * CHAIN_PAUSE_MS;
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
    @InjectPlatform() { logger, health }: Pick<Platform, 'logger' | 'health'>,
  ) {
    const check = health.watch(new Check({ name: 'chain heads', everyMs: CHECKED_EVERY_MS }));
    const publish = async (): Promise<number> => {
      if (!(await compareHeads.compare())) return COMPARE_PAUSE_MS;
      check.completed();
      if (compareHeads.hasUnpublished)
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
