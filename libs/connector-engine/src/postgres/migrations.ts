import type { MigrationClass } from '@sluice/postgres';
import { Connector1763610000000 } from './migrations/1763610000000-connector.migration.js';
import { Repeating1763635000000 } from './migrations/1763635000000-repeating.migration.js';
import { Halt1763680000000 } from './migrations/1763680000000-halt.migration.js';
import { Refusing1763685000000 } from './migrations/1763685000000-refusing.migration.js';
import { OrderMarks1764400000000 } from './migrations/1764400000000-order-marks.migration.js';
import { VenueTime1764410000000 } from './migrations/1764410000000-venue-time.migration.js';
import { Record1764500000000 } from './migrations/1764500000000-record.migration.js';
import { QueueOrder1764510000000 } from './migrations/1764510000000-queue-order.migration.js';
import { SubmissionRetention1764600001000 } from './migrations/1764600001000-retention.migration.js';
import { SentReport1764610000000 } from './migrations/1764610000000-sent-report.migration.js';
import { HandOver1764700000000 } from './migrations/1764700000000-hand-over.migration.js';
import { Unconfirmed1764710000000 } from './migrations/1764710000000-unconfirmed.migration.js';
import { SendAuthority1764800000000 } from './migrations/1764800000000-send-authority.migration.js';
import { HaltScopes1764800001000 } from './migrations/1764800001000-halt-scopes.migration.js';
import { Break1764810000000 } from './migrations/1764810000000-break.migration.js';
import { StateEdges1764814000000 } from './migrations/1764814000000-state-edges.migration.js';
import { SentTotal1764820000000 } from './migrations/1764820000000-sent-total.migration.js';
import { ApprovedDecisions1765030002000 } from './migrations/1765030002000-approved-decisions.migration.js';
import { LiftedByTwo1765040000000 } from './migrations/1765040000000-lifted-by-two.migration.js';
import { HaltOfKey1795291000000 } from './migrations/1795291000000-halt-of-key.migration.js';
import { VenueAsset1795341300000 } from './migrations/1795341300000-venue-asset.migration.js';
import { FastFailover1795467600000 } from './migrations/1795467600000-fast-failover.migration.js';
import { FastReleasedIndex1795467601000 } from './migrations/1795467601000-fast-released-index.migration.js';
import { UnclaimedReport1795468080000 } from './migrations/1795468080000-unclaimed-report.migration.js';
import { SignerReceipt1795400000000 } from './migrations/1795400000000-signer-receipt.migration.js';
import { TimedReceipt1795467500000 } from './migrations/1795467500000-timed-receipt.migration.js';
import { UnclaimedToReport1795468090000 } from './migrations/1795468090000-unclaimed-to-report.migration.js';
import { DatabaseWentBack1795468420000 } from './migrations/1795468420000-database-went-back.migration.js';
import { AttemptPutBack1795532640000 } from './migrations/1795532640000-attempt-put-back.migration.js';

export const CONNECTOR_MIGRATIONS: readonly MigrationClass[] = [
  Connector1763610000000,
  Repeating1763635000000,
  Halt1763680000000,
  Refusing1763685000000,
  OrderMarks1764400000000,
  VenueTime1764410000000,
  Record1764500000000,
  QueueOrder1764510000000,
  SubmissionRetention1764600001000,
  SentReport1764610000000,
  HandOver1764700000000,
  Unconfirmed1764710000000,
  SendAuthority1764800000000,
  HaltScopes1764800001000,
  Break1764810000000,
  StateEdges1764814000000,
  SentTotal1764820000000,
  ApprovedDecisions1765030002000,
  LiftedByTwo1765040000000,
  HaltOfKey1795291000000,
  VenueAsset1795341300000,
  SignerReceipt1795400000000,
  TimedReceipt1795467500000,
  FastFailover1795467600000,
  FastReleasedIndex1795467601000,
  UnclaimedReport1795468080000,
  UnclaimedToReport1795468090000,
  DatabaseWentBack1795468420000,
  AttemptPutBack1795532640000,
];
