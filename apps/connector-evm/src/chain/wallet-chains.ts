import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ChainSettings } from '@sluice/evm';
import type { Asset } from '@sluice/kernel';
import { outgoingProxyOf, type ProxySettings } from '@sluice/runtime';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import { type Chain, type PayableAsset, payableAssets } from './chain.js';
import { openChain } from './rpc-chain.js';

interface WalletSettings extends ProxySettings {
  readonly chains: readonly ChainSettings[];
}

@Injectable()
export class WalletChains implements OnApplicationShutdown {
  readonly all: readonly Chain[];
  readonly assets: ReadonlyMap<Asset, PayableAsset>;
  private readonly byNetwork: ReadonlyMap<string, Chain>;

  constructor(@InjectConfig() settings: WalletSettings, @InjectLogger() logger: Logger) {
    const { chains } = settings;
    const proxy = outgoingProxyOf(settings);
    this.all = chains.map((one) => openChain(one, proxy, logger));
    this.byNetwork = new Map(this.all.map((chain) => [chain.settings.network, chain]));
    this.assets = payableAssets(chains);
  }

  /** Throws for an unconfigured network: no address or asset of ours is on this network. */
  of(network: string): Chain {
    const chain = this.byNetwork.get(network);
    if (!chain) throw new Error(`there is no chain ${network}`);
    return chain;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.all.map((chain) => chain.close()));
  }
}
