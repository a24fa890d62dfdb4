import { Module } from '@nestjs/common';
import type { MessageKeys } from '@sluice/signing';
import { Database } from '@sluice/postgres';
import { CONFIG, LOGGER, MESSAGE_KEYS, Permits, type Logger } from '@sluice/service-shell';
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
import { SignaturesController } from './signatures/signatures.admin.controller.js';
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
      useFactory: ({ chains }: SignerConfig, keys: MessageKeys): SigningRules => ({
        chains: signingChains(chains),
        authorisation: new LedgerReceipts(keys.with('ledger')),
      }),
      inject: [CONFIG, MESSAGE_KEYS],
    },
    {
      provide: Permits,
      useFactory: (settings: SignerConfig, { clock }: Database, logger: Logger) => {
        const clocks = () => [Date.now(), clock.now().getTime()];
        return new Permits({ venue: OWN_WALLET, settings, clocks, logger });
      },
      inject: [CONFIG, Database, LOGGER],
    },
    NonceRecords,
    NonceWatch,
    Signatures,
    GivenNonces,
    ClosedWithdrawals,
    PlaceNonce,
    MissingKeys,
  ],
})
export class SignerModule {}
