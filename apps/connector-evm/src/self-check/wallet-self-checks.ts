import { Injectable } from '@nestjs/common';
import { SelfChecks, type SelfCheckResult } from '@sluice/service-shell';
import type { Chain } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { WalletFunds } from '../lanes/wallet-funds.js';
import { Signer } from '../sending/signer.js';
import { nativeOf } from '../chain/payable-assets.js';
import { codeFindings, gasFindings, nodeFindings, signerFindings } from './wallet-findings.js';

/**
 * Self-checks only possible in the wallet's connector: nodes of chains, gas of our addresses, and
 * the signer, because no other service reaches the signer.
 */
@Injectable()
export class WalletSelfChecks {
  constructor(
    checks: SelfChecks,
    chains: WalletChains,
    private readonly funds: WalletFunds,
    private readonly signer: Signer,
  ) {
    for (const chain of chains.all) {
      const { network } = chain.settings;
      checks.add(
        { name: `nodes of ${network}`, look: () => this.lookAtNodes(chain) },
        { name: `gas on ${network}`, look: () => this.lookAtGas(chain) },
      );
    }
    checks.add({ name: 'signer', look: () => this.lookAtSigner() });
  }

  private async lookAtNodes(chain: Chain): Promise<SelfCheckResult> {
    const head = await chain.recentHead();
    const { network } = chain.settings;
    const codes = head === null ? null : await chain.codes();
    return {
      findings: [
        ...nodeFindings(network, head !== null, chain.trouble()),
        ...codeFindings(network, codes ?? new Map()),
      ],
    };
  }

  private async lookAtGas(chain: Chain): Promise<SelfCheckResult> {
    const { settings } = chain;
    const [head, funds] = [await chain.recentHead(), await this.funds.read(settings.network)];
    if (head === null || funds === null) throw new Error('no node can be believed');
    const native = nativeOf(settings).asset;
    const coins = [...funds.byAddress].map(
      ([address, balances]) => [address, balances.get(native) ?? 0n] as const,
    );
    if (coins.length < settings.wallets.length)
      throw new Error('no node has returned the balance of every address');
    return { findings: gasFindings(settings, head, new Map(coins)) };
  }

  private async lookAtSigner(): Promise<SelfCheckResult> {
    const { away, faults } = await this.signer.readiness();
    return { findings: signerFindings(away, faults) };
  }
}
