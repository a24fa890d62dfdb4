import type { MigrationInterface } from 'typeorm';
import { Platform1763600000000 } from './migrations/1763600000000-platform.migration.js';
import { PlatformPartitions1763650000000 } from './migrations/1763650000000-platform-partitions.migration.js';
import { SkippedBatch1763900100000 } from './migrations/1763900100000-skipped-batch.migration.js';
import { ReadinessProbe1764500100000 } from './migrations/1764500100000-readiness-probe.migration.js';
import { Retention1764600000000 } from './migrations/1764600000000-retention.migration.js';
import { OwnersFunctions1764811000000 } from './migrations/1764811000000-owners-functions.migration.js';
import { SetAsideRow1764812000000 } from './migrations/1764812000000-set-aside-row.migration.js';
import { Audit1765030000000 } from './migrations/1765030000000-audit.migration.js';
import { Approval1765030001000 } from './migrations/1765030001000-approval.migration.js';
import { DismissedDeadLetter1765030003000 } from './migrations/1765030003000-dismissed-dead-letter.migration.js';

export type MigrationClass = new () => MigrationInterface;

export const PLATFORM_MIGRATIONS: readonly MigrationClass[] = [
  Platform1763600000000,
  PlatformPartitions1763650000000,
  SkippedBatch1763900100000,
  ReadinessProbe1764500100000,
  Retention1764600000000,
  OwnersFunctions1764811000000,
  SetAsideRow1764812000000,
  Audit1765030000000,
  Approval1765030001000,
  DismissedDeadLetter1765030003000,
];
