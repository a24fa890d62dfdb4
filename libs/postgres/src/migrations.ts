import type { MigrationInterface } from 'typeorm';
import { Platform1763600000000 } from './migrations/1763600000000-platform.migration.js';
import { PlatformPartitions1763650000000 } from './migrations/1763650000000-platform-partitions.migration.js';
import { SkippedBatch1763900100000 } from './migrations/1763900100000-skipped-batch.migration.js';
import { ReadinessProbe1764500100000 } from './migrations/1764500100000-readiness-probe.migration.js';
import { Retention1764600000000 } from './migrations/1764600000000-retention.migration.js';
import { OwnersFunctions1764811000000 } from './migrations/1764811000000-owners-functions.migration.js';

export type MigrationClass = new () => MigrationInterface;

export const PLATFORM_MIGRATIONS: readonly MigrationClass[] = [
  Platform1763600000000,
  PlatformPartitions1763650000000,
  SkippedBatch1763900100000,
  ReadinessProbe1764500100000,
  Retention1764600000000,
  OwnersFunctions1764811000000,
];
