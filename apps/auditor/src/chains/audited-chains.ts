import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ChainAudit } from '@sluice/connector-evm/audit';
import type { ChainSettings } from '@sluice/evm';
import { WALLET } from '@sluice/messages';
import { Database, UnitOfWork } from '@sluice/postgres';
import { outgoingProxyOf, type OutgoingProxy, type ProxySettings } from '@sluice/runtime';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import { FindingSeals } from '../seals/finding-seals.js';
import { gasLimitsOf } from './chain-settings.js';
import { WalletReader } from './wallet-reader.js';

interface ChainReaderSettings extends ProxySettings {
  readonly readEveryMs: number;
  readonly chains: readonly ChainSettings[];
}

@Injectable()
export class AuditedChains implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Venues that are read through chains. */
  readonly names: readonly string[];
  onRead: (listed: number) => void = () => undefined;
  private readonly reader: WalletReader | null;

  constructor(
    @InjectConfig() settings: ChainReaderSettings,
    database: Database,
    unitOfWork: UnitOfWork,
    seals: FindingSeals,
    @InjectLogger() logger: Logger,
  ) {
    const { readEveryMs, chains } = settings;
    const proxy = outgoingProxyOf(settings);
    this.names = chains.length > 0 ? [WALLET] : [];
    this.reader =
      chains.length > 0
        ? new WalletReader({
            chains: chains.map((one) => limited(one, proxy)),
            database,
            unitOfWork,
            seals,
            logger,
            everyMs: readEveryMs,
            onRead: (listed) => this.onRead(listed),
          })
        : null;
  }

  onApplicationBootstrap(): void {
    this.reader?.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.reader?.close();
  }
}

function limited(settings: ChainSettings, proxy: OutgoingProxy | null) {
  const limits = gasLimitsOf(settings);
  if (limits === null) throw new Error(`${settings.network} has no limit of gas`);
  return { audit: new ChainAudit(settings, proxy), limits };
}
