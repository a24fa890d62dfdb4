import { Injectable } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { Gauge } from 'prom-client';
import type { Chain } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';

const EVERY_MS = 60_000;
const AGAIN_MS = 5_000;
/** Prefix of a delegation, with the address of the code (EIP-7702). */
const SHOWN = 50;

const hasCode = new Gauge({
  name: 'sluice_wallet_foreign_code',
  help: '1 while an address of ours has code on the chain: Sluice signs none, so another party used the key',
  labelNames: ['network', 'address', 'purpose'],
});

/** Looks every minute for code at our addresses. An address of a key has none until the key signs a delegation. */
@Injectable()
export class WalletCode {
  readonly loops: readonly BackgroundLoop[];
  private readonly reported = new Map<string, string>();

  constructor(
    chains: WalletChains,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loops = chains.all.map(
      (chain) =>
        new BackgroundLoop(`code of wallets on ${chain.settings.network}`, logger, () =>
          this.look(chain),
        ),
    );
  }

  private async look(chain: Chain): Promise<number> {
    const { network, wallets } = chain.settings;
    const codes = (await chain.recentHead()) === null ? null : await chain.codes();
    if (codes === null) return AGAIN_MS;
    for (const { address, purpose } of wallets) {
      const code = codes.get(address);
      if (code === undefined) continue;
      hasCode.set({ network, address, purpose }, code === '0x' ? 0 : 1);
      const place = `${network} ${address}`;
      if (code !== '0x' && this.reported.get(place) !== code)
        this.logger.error(
          { network, address, purpose, code: code.slice(0, SHOWN) },
          'a wallet address has code: another party used the key, and an operator must check it',
        );
      this.reported.set(place, code);
    }
    return EVERY_MS;
  }
}
