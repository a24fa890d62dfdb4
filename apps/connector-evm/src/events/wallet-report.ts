import { Injectable } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { WalletChains } from '../chain/wallet-chains.js';
import { WalletEvents } from './wallet-events.js';

const EVERY_MS = 60_000;

/** Publishes our addresses and tokens at start and every minute. Readers refuse to pay to them. */
@Injectable()
export class WalletReport {
  readonly loops: readonly BackgroundLoop[];

  constructor(
    private readonly chains: WalletChains,
    private readonly events: WalletEvents,
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() logger: Logger,
  ) {
    this.loops = [new BackgroundLoop('telling our wallets', logger, () => this.tell())];
  }

  private async tell(): Promise<number> {
    const settings = this.chains.all.map((chain) => chain.settings);
    const wallets = settings.flatMap(({ network, wallets: own }) =>
      own.map((wallet) => ({ network, ...wallet })),
    );
    const tokens = settings.flatMap(({ network, tokens: known }) =>
      known.map(({ currency, address }) => ({ network, currency, address })),
    );
    await this.unitOfWork.run((tx) =>
      Promise.resolve(tx.publish(this.events.wallets(wallets, tokens))),
    );
    return EVERY_MS;
  }
}
