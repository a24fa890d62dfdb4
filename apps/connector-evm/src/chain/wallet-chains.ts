import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { monotonicMs } from '@sluice/clock';
import type { Head } from '@sluice/evm';
import type { Asset } from '@sluice/money';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import type { EvmConfig } from '../config.js';
import { payableAssets, type PayableAsset } from '../venue/wallet.assets.js';
import type { Chain } from './chain.js';
import { openChain } from './open-chain.js';

/** A head that is no older than this is good enough to price by: it is younger than a block of most chains. */
const FRESH_MS = 1_000;

interface Looked {
  readonly head: Promise<Head | null>;
  readonly atMs: number;
}

/** The chains of this process, one client each. */
@Injectable()
export class WalletChains implements OnApplicationShutdown {
  readonly all: readonly Chain[];
  readonly assets: ReadonlyMap<Asset, PayableAsset>;
  private readonly byNetwork: ReadonlyMap<string, Chain>;
  private readonly looked = new Map<string, Looked>();

  constructor(
    @InjectConfig() { chains }: Pick<EvmConfig, 'chains'>,
    @InjectLogger() logger: Logger,
  ) {
    this.all = chains.map((settings) => openChain(settings, logger));
    this.byNetwork = new Map(this.all.map((chain) => [chain.settings.network, chain]));
    this.assets = payableAssets(chains);
  }

  /** Throws for a network that is not configured: nothing of ours has it. */
  of(network: string): Chain {
    const chain = this.byNetwork.get(network);
    if (!chain) throw new Error(`there is no chain ${network}`);
    return chain;
  }

  /** The head as it was within the last second, shared by all who ask. */
  recentHead(network: string): Promise<Head | null> {
    const last = this.looked.get(network);
    if (last && monotonicMs() - last.atMs < FRESH_MS) return last.head;
    const looked = { head: this.of(network).head(), atMs: monotonicMs() };
    this.looked.set(network, looked);
    return looked.head;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.all.map((chain) => chain.close()));
  }
}
