import type { MigrationClass } from '@sluice/postgres';
import { AccountRows1796300001000 } from './migrations/1796300001000-account-rows.migration.js';
import { Webhooks1795680001000 } from './migrations/1795680001000-webhooks.migration.js';
import { DeliverySeals1796000001000 } from './migrations/1796000001000-delivery-seals.migration.js';
import { AnsweredAttempts1796000031000 } from './migrations/1796000031000-answered-attempts.migration.js';
import { StepsOnce1796000031001 } from './migrations/1796000031001-steps-once.migration.js';

export const WEBHOOKS_MIGRATIONS: readonly MigrationClass[] = [
  Webhooks1795680001000,
  DeliverySeals1796000001000,
  AnsweredAttempts1796000031000,
  StepsOnce1796000031001,
  AccountRows1796300001000,
];
