import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { KeyStore } from './api-keys/key-store.js';
import { CatalogueStore } from './catalogue/catalogue-store.js';
import { CONFIG_CHANNEL } from './instances/look-up-cache.js';

/** Clears all caches after a configuration change by any instance, over a single connection. */
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
