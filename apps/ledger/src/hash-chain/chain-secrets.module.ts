import { Module, type DynamicModule } from '@nestjs/common';
import { ChainKeys } from './chain-keys.js';
import { HeadSigner } from './head-signer.js';
import type { ChainSecrets } from './prove-book.js';

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
