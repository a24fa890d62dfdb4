import { Injectable } from '@nestjs/common';
import type { Address, Hex } from 'viem';
import {
  type ChainSettings,
  type Head,
  mostGasCost,
  NATIVE_DECIMALS,
  quoteFees,
  textOf,
} from '@sluice/evm';
import { type SelfCheckFinding, type SelfCheckResult, SelfChecks } from '@sluice/service-shell';
import { type Chain, nativeOf } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { WalletFunds } from '../lanes/wallet-funds.js';
import { Signer } from '../sending/signer.js';

/** Self-checks of the nodes, of our gas, and of the signer, which no other service reaches. */
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

/** Gas of a plain transfer, sufficient for most tokens. */
const TOKEN_TRANSFER_GAS = 65_000n;

/** Findings about a chain's nodes. `trouble`: sentences of the last poll. */
export function nodeFindings(
  network: string,
  isBelieved: boolean,
  trouble: readonly string[],
): readonly SelfCheckFinding[] {
  const causes = trouble.length === 0 ? ['no node has answered'] : trouble;
  if (!isBelieved)
    return [
      {
        code: 'chain-not-believed',
        wrong: `No node of ${network} can be believed: ${causes.join('; ')}.`,
        follows: `Nothing is begun on ${network}, and nothing that was sent is called final.`,
        remedy: 'See "A chain is not believed" in docs/operations/wallet.md.',
      },
    ];
  return trouble.map((sentence) => ({
    code: 'chain-node-wrong',
    wrong: `Of the nodes of ${network}: ${sentence}.`,
    follows: 'The other nodes are used. With two nodes, final payments wait for both.',
    remedy: `Mend it, or take it out of rpcUrls of ${network} in EVM_CHAINS and name another.`,
  }));
}

function codeFindings(
  network: string,
  codes: ReadonlyMap<Address, Hex>,
): readonly SelfCheckFinding[] {
  return [...codes]
    .filter(([, code]) => code !== '0x')
    .map(([address, code]) => ({
      code: 'wallet-with-code',
      wrong: `${address} on ${network} has the code ${code.slice(0, 50)}, and Sluice signs no code.`,
      follows:
        'Another party used the key, and can move the coins. Nodes limit the transactions in flight of such an address.',
      remedy: 'See WalletForeignCode in docs/operations/wallet.md.',
    }));
}

/** Addresses without gas for a token transfer. `coins`: known balances in wei. */
export function gasFindings(
  { network, fees, native, wallets, topUps }: ChainSettings,
  head: Head,
  coins: ReadonlyMap<Address, bigint>,
): readonly SelfCheckFinding[] {
  const quote = quoteFees(head, fees);
  if (quote.kind === 'above_cap')
    return [
      {
        code: 'chain-fees-above-cap',
        wrong: `Fees on ${network} are above the cap: ${quote.cause}.`,
        follows: 'Nothing is sent there until the market is below it again.',
        remedy: `Wait, or raise fees.maxFeeCapGwei of ${network} in EVM_CHAINS.`,
      },
    ];
  const needed = mostGasCost(TOKEN_TRANSFER_GAS, quote.fees);
  return wallets.flatMap(({ address, purpose }) => {
    const has = coins.get(address);
    if (has === undefined || has >= needed) return [];
    const [mine, least] = [has, needed].map((wei) => textOf(wei, NATIVE_DECIMALS));
    return [
      {
        code: 'wallet-without-gas',
        wrong: `${address} (${purpose}) on ${network} has ${mine} ${native.currency}, and one transfer of a token may cost ${least}.`,
        follows:
          purpose === 'tank'
            ? 'No wallet there gets gas any more.'
            : 'Nothing is sent from it: withdrawals take another wallet, or wait.',
        remedy:
          purpose === 'hot' && topUps !== undefined
            ? 'The tank should have filled it: see "A wallet is without gas" in docs/operations/wallet.md.'
            : `Send ${native.currency} to it.`,
      },
    ];
  });
}

/** Findings about the signer: why unavailable, or its reported faults. */
export function signerFindings(
  away: string | null,
  faults: readonly string[],
): readonly SelfCheckFinding[] {
  if (away !== null)
    return [
      {
        code: 'signer-away',
        wrong: `The signer does not answer: ${away}.`,
        follows: 'Nothing new is sent, replaced or cancelled; what was sent is followed.',
        remedy:
          'Start the signer, or correct SIGNER_URL. Only connector-evm may reach the signer, so check from its host.',
      },
    ];
  return faults.map((fault) => ({
    code: 'signer-unready',
    wrong: `The signer reports: ${fault}.`,
    follows: 'The affected payments are not signed, and wait.',
    remedy: 'See docs/signer.md, and "A service is unready" in docs/operations/runbook.md.',
  }));
}
