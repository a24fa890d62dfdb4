import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { isSameAddress } from '@sluice/evm';
import { Health, SelfChecks } from '@sluice/service-shell';
import { RULES } from './signatures.js';
import type { SigningRules } from './understand.js';
import { KEY_STORE, type SigningKeyStore } from '../keys/key-store.js';

/**
 * Reports configured wallets without a key in the key store: no payment leaves from them. Closes
 * the key store on shutdown.
 */
@Injectable()
export class MissingKeys implements OnApplicationShutdown {
  constructor(
    @Inject(KEY_STORE) private readonly keys: SigningKeyStore,
    @Inject(RULES) private readonly rules: SigningRules,
    health: Health,
    selfChecks: SelfChecks,
  ) {
    health.add('keys', () => this.faults());
    selfChecks.add({
      name: 'keys of wallets',
      look: () =>
        Promise.resolve({
          findings: this.faults().map((wrong) => ({
            code: 'no-key',
            wrong: `${wrong}.`,
            follows: 'Nothing is sent from there: withdrawals that take this wallet wait.',
            remedy: `Check EVM_CHAINS_FILE of the signer, and whether ${this.keys.place} is the right place.`,
          })),
        }),
    });
  }

  faults(): readonly string[] {
    return [...this.rules.chains.values()].flatMap(({ settings: { network, wallets } }) =>
      wallets
        .filter(({ address }) => !this.keys.addresses().some((one) => isSameAddress(one, address)))
        .map(
          ({ address }) => `${this.keys.place} has no key of ${address}, a wallet on ${network}`,
        ),
    );
  }

  onApplicationShutdown(): Promise<void> {
    return this.keys.close();
  }
}
