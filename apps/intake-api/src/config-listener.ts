import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { KeyStore } from './api-keys/key-store.js';
import { CatalogueStore } from './catalogue/catalogue-store.js';
import { CONFIG_CHANNEL } from './instances/look-up-cache.js';

/**
 * Clears the caches after a configuration change by any instance. A single connection listens for
 * all caches.
 */
@Injectable()
export class ConfigListener implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly keys: KeyStore,
    private readonly catalogue: CatalogueStore,
  ) {}

  onModuleInit(): Promise<void> {
    return this.database.listen(CONFIG_CHANNEL, () => {
      this.keys.clear();
      this.catalogue.clear();
    });
  }
}
