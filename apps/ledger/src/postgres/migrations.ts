import type { MigrationClass } from '@sluice/postgres';
import { AccountRows1796300001000 } from './migrations/1796300001000-account-rows.migration.js';
import { AddressBook1795900003000 } from './migrations/1795900003000-address-book.migration.js';
import { CountersByHolds1796400001000 } from './migrations/1796400001000-counters-by-holds.migration.js';
import { HoldLocks1795701500000 } from './migrations/1795701500000-hold-locks.migration.js';
import { Ledger1795680001000 } from './migrations/1795680001000-ledger.migration.js';
import { MoneyOrdersByTime1795780001000 } from './migrations/1795780001000-money-orders-by-time.migration.js';
import { OwnEffect1795800001000 } from './migrations/1795800001000-own-effect.migration.js';
import { SpendingPolicy1795900001000 } from './migrations/1795900001000-spending-policy.migration.js';
import { PaymentApprovals1795900002000 } from './migrations/1795900002000-payment-approvals.migration.js';
import { ReturnedPayments1796510001000 } from './migrations/1796510001000-returned-payments.migration.js';
import { SealedLifts1795730011000 } from './migrations/1795730011000-sealed-lifts.migration.js';

export const LEDGER_MIGRATIONS: readonly MigrationClass[] = [
  Ledger1795680001000,
  HoldLocks1795701500000,
  SealedLifts1795730011000,
  MoneyOrdersByTime1795780001000,
  OwnEffect1795800001000,
  SpendingPolicy1795900001000,
  PaymentApprovals1795900002000,
  AddressBook1795900003000,
  AccountRows1796300001000,
  CountersByHolds1796400001000,
  ReturnedPayments1796510001000,
];
