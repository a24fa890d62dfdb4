import { Module, type DynamicModule } from '@nestjs/common';
import { ChainKeys } from './chain-keys.js';
import { HeadSigner } from './head-signer.js';

/** Keys to recognize our own chains and heads. */
export interface ChainSecrets {
  readonly keys: ChainKeys;
  readonly signer: HeadSigner;
}

/** MAC keys of the chains and signing keys of their heads, for every module of the ledger. */
@Module({})
export class ChainSecretsModule {
  static of({ keys, signer }: ChainSecrets): DynamicModule {
    return {
      module: ChainSecretsModule,
      global: true,
      providers: [
        { provide: ChainKeys, useValue: keys },
        { provide: HeadSigner, useValue: signer },
      ],
      exports: [ChainKeys, HeadSigner],
    };
  }
}
