import type { MigrationClass } from '@sluice/postgres';
import { AccountRows1796300001000 } from './migrations/1796300001000-account-rows.migration.js';
import { Connector1795680001000 } from './migrations/1795680001000-connector.migration.js';
import { AttemptNumberIndex1795690001001 } from './migrations/1795690001001-attempt-number-index.migration.js';
import { AttemptNumbers1795690001000 } from './migrations/1795690001000-attempt-numbers.migration.js';
import { AuditorPermit1795740011000 } from './migrations/1795740011000-auditor-permit.migration.js';
import { CheaperUpdates1796100021000 } from './migrations/1796100021000-cheaper-updates.migration.js';
import { ReturnableIndex1796510001003 } from './migrations/1796510001003-returnable-index.migration.js';
import { ReturnedSubmissions1796510001002 } from './migrations/1796510001002-returned-submissions.migration.js';
import { JudgedRecords1796400001000 } from './migrations/1796400001000-judged-records.migration.js';
import { PauseCauses1796400011000 } from './migrations/1796400011000-pause-causes.migration.js';
import { SealedEnds1795730011000 } from './migrations/1795730011000-sealed-ends.migration.js';
import { StoredChanges1796100011000 } from './migrations/1796100011000-stored-changes.migration.js';
import { WaitingCauses1796500001000 } from './migrations/1796500001000-waiting-causes.migration.js';
import { UnreadableRows1796350001000 } from './migrations/1796350001000-unreadable-rows.migration.js';

export const CONNECTOR_MIGRATIONS: readonly MigrationClass[] = [
  Connector1795680001000,
  AttemptNumbers1795690001000,
  AttemptNumberIndex1795690001001,
  SealedEnds1795730011000,
  AuditorPermit1795740011000,
  StoredChanges1796100011000,
  CheaperUpdates1796100021000,
  AccountRows1796300001000,
  UnreadableRows1796350001000,
  JudgedRecords1796400001000,
  PauseCauses1796400011000,
  WaitingCauses1796500001000,
  ReturnedSubmissions1796510001002,
  ReturnableIndex1796510001003,
];
