import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '@sluice/postgres';
import type { ProxySettings } from '@sluice/runtime';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import { type AuditedSettings, type CoveredVenue, coveredVenues } from './venue-table.js';
import { VenueReader } from './venue-reader.js';

interface ReaderSettings extends AuditedSettings, ProxySettings {
  readonly readEveryMs: number;
}

@Injectable()
export class CoveredVenues implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly list: readonly CoveredVenue[];
  /** Called after each complete reading, with the number of listed payments. */
  onRead: (listed: number) => void = () => undefined;
  private readonly readers: readonly VenueReader[];

  constructor(
    @InjectConfig() settings: ReaderSettings,
    database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.list = coveredVenues(settings, logger);
    this.readers = this.list.map(
      (venue) =>
        new VenueReader({
          venue,
          database,
          logger,
          everyMs: settings.readEveryMs,
          onRead: (listed) => this.onRead(listed),
        }),
    );
  }

  onApplicationBootstrap(): void {
    if (this.list.length === 0)
      this.logger.warn({}, 'no venue has a key of the auditor: payments are compared with nothing');
    for (const { loop } of this.readers) loop.start();
  }

  readAgain(venues: readonly string[]): void {
    for (const { venue, loop } of this.readers) if (venues.includes(venue)) loop.wake();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.readers.map(({ loop }) => loop.stop()));
    await Promise.all(this.list.map((venue) => venue.close()));
  }
}
