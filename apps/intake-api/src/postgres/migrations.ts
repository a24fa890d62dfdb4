import type { MigrationClass } from '@sluice/postgres';
import { Intake1763600001000 } from './migrations/1763600001000-intake.migration.js';
import { Cancel1763700001000 } from './migrations/1763700001000-cancel.migration.js';
import { Routing1763700002000 } from './migrations/1763700002000-routing.migration.js';
import { RouteTerms1763710000000 } from './migrations/1763710000000-route-terms.migration.js';
import { Venues1763800001000 } from './migrations/1763800001000-venues.migration.js';
import { OrderMarks1764400000000 } from './migrations/1764400000000-order-marks.migration.js';
import { Recovery1764500000000 } from './migrations/1764500000000-recovery.migration.js';
import { Numbers1764600000000 } from './migrations/1764600000000-numbers.migration.js';
import { Retention1764600002000 } from './migrations/1764600002000-retention.migration.js';
import { OrderAuthority1764800000000 } from './migrations/1764800000000-order-authority.migration.js';
import { Halt1764800001000 } from './migrations/1764800001000-halt.migration.js';
import { Evidence1764813000000 } from './migrations/1764813000000-evidence.migration.js';
import { KnownRecipient1764830000000 } from './migrations/1764830000000-known-recipient.migration.js';
import { SealedKeys1795276948920 } from './migrations/1795276948920-sealed-keys.migration.js';
import { ReferenceScopes1795277629663 } from './migrations/1795277629663-reference-scopes.migration.js';
import { VenuePaid1795290000000 } from './migrations/1795290000000-venue-paid.migration.js';
import { LiftedByTwo1795300000000 } from './migrations/1795300000000-lifted-by-two.migration.js';
import { SignedRequests1795310000000 } from './migrations/1795310000000-signed-requests.migration.js';
import { Terms1795341100000 } from './migrations/1795341100000-terms.migration.js';
import { KeyUse1795341200000 } from './migrations/1795341200000-key-use.migration.js';
import { EndedWithdrawals1795348000000 } from './migrations/1795348000000-ended-withdrawals.migration.js';
import { ListWhatEnded1795348100000 } from './migrations/1795348100000-list-what-ended.migration.js';
import { Wallet1795354700000 } from './migrations/1795354700000-wallet.migration.js';
import { WalletCosts1795400000000 } from './migrations/1795400000000-wallet-costs.migration.js';
import { WalletChain1795430000000 } from './migrations/1795430000000-wallet-chain.migration.js';
import { WalletCoinTotal1795420000000 } from './migrations/1795420000000-wallet-coin-total.migration.js';
import { TimedReceipt1795467600000 } from './migrations/1795467600000-timed-receipt.migration.js';
import { Restored1795468080000 } from './migrations/1795468080000-restored.migration.js';
import { LedgerComparison1795468740000 } from './migrations/1795468740000-ledger-comparison.migration.js';
import { AssignedProof1795524660000 } from './migrations/1795524660000-assigned-proof.migration.js';
import { LostWithdrawals1795564800000 } from './migrations/1795564800000-lost-withdrawals.migration.js';
import { StepsRead1795652000000 } from './migrations/1795652000000-steps-read.migration.js';
import { Recovering1795655600000 } from './migrations/1795655600000-recovering.migration.js';

export const INTAKE_MIGRATIONS: readonly MigrationClass[] = [
  Intake1763600001000,
  Cancel1763700001000,
  Routing1763700002000,
  RouteTerms1763710000000,
  Venues1763800001000,
  OrderMarks1764400000000,
  Recovery1764500000000,
  Numbers1764600000000,
  Retention1764600002000,
  OrderAuthority1764800000000,
  Halt1764800001000,
  Evidence1764813000000,
  KnownRecipient1764830000000,
  SealedKeys1795276948920,
  ReferenceScopes1795277629663,
  VenuePaid1795290000000,
  LiftedByTwo1795300000000,
  SignedRequests1795310000000,
  Terms1795341100000,
  KeyUse1795341200000,
  EndedWithdrawals1795348000000,
  ListWhatEnded1795348100000,
  Wallet1795354700000,
  WalletCosts1795400000000,
  WalletCoinTotal1795420000000,
  WalletChain1795430000000,
  TimedReceipt1795467600000,
  Restored1795468080000,
  LedgerComparison1795468740000,
  AssignedProof1795524660000,
  LostWithdrawals1795564800000,
  StepsRead1795652000000,
  Recovering1795655600000,
];
