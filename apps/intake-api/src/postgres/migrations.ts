import type { MigrationClass } from '@sluice/postgres';
import { AccountRows1796300001000 } from './migrations/1796300001000-account-rows.migration.js';
import { Intake1795680001000 } from './migrations/1795680001000-intake.migration.js';
import { PolicyRefusal1796200011000 } from './migrations/1796200011000-policy-refusal.migration.js';
import { Recipients1796511001001 } from './migrations/1796511001001-recipients.migration.js';
import { RequestProof1795790001000 } from './migrations/1795790001000-request-proof.migration.js';
import { ReleasedSignatures1796513001001 } from './migrations/1796513001001-released-signatures.migration.js';
import { ReturnedWithdrawals1796510001001 } from './migrations/1796510001001-returned-withdrawals.migration.js';
import { SealedLifts1795730011000 } from './migrations/1795730011000-sealed-lifts.migration.js';
import { WaitingCause1796500001000 } from './migrations/1796500001000-waiting-cause.migration.js';

export const INTAKE_MIGRATIONS: readonly MigrationClass[] = [
  Intake1795680001000,
  SealedLifts1795730011000,
  RequestProof1795790001000,
  PolicyRefusal1796200011000,
  AccountRows1796300001000,
  WaitingCause1796500001000,
  ReturnedWithdrawals1796510001001,
  Recipients1796511001001,
  ReleasedSignatures1796513001001,
];
