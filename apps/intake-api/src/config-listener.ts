import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { KeyStore } from './api-keys/key-store.js';
import { CatalogueStore } from './catalogue/catalogue-store.js';
import { CONFIG_CHANNEL } from './channels.js';

/** Forgets what is held in memory when any instance changes it. One connection listens for all of it. */
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
