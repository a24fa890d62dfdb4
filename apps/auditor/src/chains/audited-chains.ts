import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ChainAudit } from '@sluice/connector-evm/audit';
import type { ChainSettings } from '@sluice/evm';
import { WALLET } from '@sluice/messages';
import { Database } from '@sluice/postgres';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import { WalletReader } from './wallet-reader.js';

interface ChainReaderSettings {
  readonly readEveryMs: number;
  readonly chains: readonly ChainSettings[];
}

/** The chains of the wallet, if the auditor has nodes. */
@Injectable()
export class AuditedChains implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Venues that are read through chains. */
  readonly names: readonly string[];
  /** Called after each complete reading. */
  onRead: () => void = () => undefined;
  private readonly reader: WalletReader | null;

  constructor(
    @InjectConfig() { readEveryMs, chains }: ChainReaderSettings,
    database: Database,
    @InjectLogger() logger: Logger,
  ) {
    this.names = chains.length > 0 ? [WALLET] : [];
    this.reader =
      chains.length > 0
        ? new WalletReader({
            chains: chains.map((one) => new ChainAudit(one)),
            database,
            logger,
            everyMs: readEveryMs,
            onRead: () => this.onRead(),
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
