import { Module } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { processTime, type Secret } from '@sluice/runtime';
import {
  CONFIG,
  LOGGER,
  type Logger,
  MESSAGE_KEYS,
  Permits,
  permitsCheck,
  SelfChecks,
} from '@sluice/service-shell';
import type { MessageKeys } from '@sluice/signing';
import type { SignerConfig } from './config.js';
import { KEY_STORE, SealedKeyStore, type SigningKeyStore } from './keys/key-store.js';
import { Pkcs11KeyStore } from './keys/pkcs11-key-store.js';
import { NonceRecords } from './records/nonce-records.js';
import { NonceWatch } from './records/nonce-watch.js';
import { LedgerReceipts, signingPermits, type SigningRules } from './signatures/understand.js';
import { signingChains } from './signatures/chains.js';
import { ClosedWithdrawals, GivenNonces } from './signatures/given-nonces.js';
import { MissingKeys, RULES, Signatures } from './signatures/signatures.js';
import { NoncesController, PlaceNonce } from './signatures/nonces.admin.controller.js';
import { SignBatch } from './signatures/sign-batch.js';
import { SignaturesController } from './signatures/signatures.admin.controller.js';

/** Name of our own wallet among the venues. */
const OWN_WALLET = 'wallet';

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

interface KeySettings {
  readonly keys: 'file' | 'pkcs11';
  readonly sealedKeys: Secret;
  /** Key to the sealed file. */
  readonly kek: Secret;
  /** Path of the PKCS#11 library, label of the token, and PIN of the token's user. */
  readonly pkcs11Module: string;
  readonly pkcs11Token: string;
  readonly pkcs11Pin: Secret;
}

/** Opens the key store named by the settings. Throws if the store does not open. */
async function openKeyStore(settings: KeySettings): Promise<SigningKeyStore> {
  if (settings.keys === 'file')
    return new SealedKeyStore(settings.kek.reveal(), settings.sealedKeys.reveal());
  return Pkcs11KeyStore.open({
    module: settings.pkcs11Module,
    token: settings.pkcs11Token,
    pin: settings.pkcs11Pin.reveal(),
  });
}
