import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ClientAddresses } from '../http/client-address.js';
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

/**
 * API keys and authentication: every module with a public controller imports the guard from here.
 */
@Module({
  imports: [AccountsModule],
  controllers: [PingController, AccountKeysController, ApiKeysController],
  providers: [
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
  exports: [AuthenticateRequest, ClientAddresses, KeyStore, SourceAddressLimit],
})
export class ApiKeysModule {}
