import { Module } from '@nestjs/common';
import type { MessageKeys } from '@sluice/signing';
import { Database } from '@sluice/postgres';
import { processTime } from '@sluice/runtime';
import {
  CONFIG,
  LOGGER,
  MESSAGE_KEYS,
  Permits,
  permitsCheck,
  SelfChecks,
  type Logger,
} from '@sluice/service-shell';
import type { SignerConfig } from './config.js';
import { KEY_STORE, type SigningKeyStore } from './keys/key-store.js';
import { MissingKeys } from './signatures/missing-keys.js';
import { openKeyStore } from './keys/open-key-store.js';
import { NonceRecords } from './records/nonce-records.js';
import { NonceWatch } from './records/nonce-watch.js';
import { LedgerReceipts } from './signatures/authorisation.js';
import { ClosedWithdrawals } from './signatures/closed-withdrawals.js';
import { PlaceNonce } from './signatures/place-nonce.js';
import { NoncesController } from './signatures/nonces.admin.controller.js';
import { GivenNonces } from './signatures/given-nonces.js';
import { signingChains } from './signatures/chains.js';
import { SignBatch } from './signatures/sign-batch.js';
import { SignaturesController } from './signatures/signatures.admin.controller.js';
import { signingPermits } from './signatures/signing-permits.js';
import { RULES, Signatures } from './signatures/signatures.js';
import type { SigningRules } from './signatures/understand.js';

/** Name of our own wallet among the venues. */
const OWN_WALLET = 'wallet';

/** Signatures, the signing rules, and the key store. */
@Module({
  controllers: [SignaturesController, NoncesController],
  providers: [
    {
      provide: KEY_STORE,
      useFactory: (config: SignerConfig): Promise<SigningKeyStore> => openKeyStore(config),
      inject: [CONFIG],
    },
    {
      provide: RULES,
      useFactory: (
        { chains }: SignerConfig,
        keys: MessageKeys,
        permits: Permits,
      ): SigningRules => ({
        chains: signingChains(chains),
        authorisation: new LedgerReceipts(keys.with('ledger')),
        permits: signingPermits(permits),
      }),
      inject: [CONFIG, MESSAGE_KEYS, Permits],
    },
    {
      provide: Permits,
      useFactory: (
        settings: SignerConfig,
        { clock }: Database,
        logger: Logger,
        checks: SelfChecks,
      ) => {
        const clocks = () => [processTime().getTime(), clock.now().getTime()];
        const permits = new Permits({ venue: OWN_WALLET, settings, clocks, logger });
        checks.add(permitsCheck(permits));
        return permits;
      },
      inject: [CONFIG, Database, LOGGER, SelfChecks],
    },
    NonceRecords,
    NonceWatch,
    Signatures,
    SignBatch,
    GivenNonces,
    ClosedWithdrawals,
    PlaceNonce,
    MissingKeys,
  ],
})
export class SignerModule {}
