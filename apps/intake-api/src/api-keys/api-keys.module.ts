import { Module } from '@nestjs/common';
import { ClientAddresses } from '@sluice/service-shell';
import { AccountStore } from '../accounts/account-store.js';
import { AccountsController } from '../accounts/accounts.admin.controller.js';
import { AdmissionStore, AdmissionSweep } from './admission.js';
import { AccountKeysController, ApiKeysController } from './api-keys.admin.controller.js';
import { AuthenticateRequest } from './authenticate-request.js';
import { LedgerClient } from '../other-services/ledger-client.js';
import { KeyApprovals, KeyOrders } from './key-orders.js';
import { KeyChanges } from './key-changes.js';
import { KeyStore } from './key-store.js';
import { PingController } from './ping.controller.js';
import { SecretBox } from './sealed-secret.js';
import { SourceAddressLimit } from './source-address-limit.js';

/** Accounts, their API keys, and authentication: the guard of every public controller is from here. */
@Module({
  controllers: [PingController, AccountKeysController, ApiKeysController, AccountsController],
  providers: [
    AccountStore,
    KeyStore,
    KeyChanges,
    KeyApprovals,
    KeyOrders,
    LedgerClient,
    SecretBox,
    AdmissionStore,
    AdmissionSweep,
    AuthenticateRequest,
    SourceAddressLimit,
    ClientAddresses,
  ],
  exports: [
    AccountStore,
    AuthenticateRequest,
    ClientAddresses,
    KeyStore,
    LedgerClient,
    SourceAddressLimit,
  ],
})
export class ApiKeysModule {}
