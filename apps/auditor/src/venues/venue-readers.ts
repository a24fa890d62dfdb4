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
import { WalletReader } from '../chains/wallet-reader.js';
import { coveredVenues, type CoveredVenue } from './covered-venues.js';
import { VenueReader } from './venue-reader.js';
import type { VenueSettings } from './venue-table.js';

interface ReaderSettings extends VenueSettings {
  readonly readEveryMs: number;
  readonly chains: readonly ChainSettings[];
}

/** The venues whose record the auditor reads. */
@Injectable()
export class CoveredVenues implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly list: readonly CoveredVenue[];
  /** Called after each complete reading. */
  onRead: () => void = () => undefined;
  private readonly readers: readonly VenueReader[];
  private readonly wallet: WalletReader | null;

  constructor(
    @InjectConfig() settings: ReaderSettings,
    database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.list = coveredVenues(settings, logger);
    const common = {
      database,
      logger,
      everyMs: settings.readEveryMs,
      onRead: () => this.onRead(),
    };
    this.readers = this.list.map((venue) => new VenueReader({ ...common, venue }));
    const chains = settings.chains.map((one) => new ChainAudit(one));
    this.wallet = chains.length > 0 ? new WalletReader({ ...common, chains }) : null;
  }

  /** Names of the venues that are read. */
  get names(): readonly string[] {
    return [...this.list.map(({ venue }) => venue), ...(this.wallet ? [WALLET] : [])];
  }

  onApplicationBootstrap(): void {
    if (this.names.length === 0)
      this.logger.warn({}, 'no venue has a key of the auditor: payments are compared with nothing');
    for (const { loop } of this.readers) loop.start();
    this.wallet?.loop.start();
  }

  /** Reads the venues again without a pause. */
  readAgain(venues: readonly string[]): void {
    for (const { venue, loop } of this.readers) if (venues.includes(venue)) loop.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.wallet?.close(), ...this.readers.map(({ loop }) => loop.stop())]);
    await Promise.all(this.list.map((venue) => venue.close()));
  }
}
