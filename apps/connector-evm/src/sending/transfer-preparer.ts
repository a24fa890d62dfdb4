import { Injectable } from '@nestjs/common';
import { Batcher } from '@sluice/runtime';
import type { Preparation, WithdrawalOrder } from '@sluice/connector-rules';
import { networkOf } from '@sluice/kernel';
import { WalletChains } from '../chain/wallet-chains.js';
import { LeasedTransfers } from './leased-transfers.js';
import { SignedTransfers, type LeasedTransfer } from './signed-transfers.js';
import { bodyOf, wantedTransfer, type WantedTransfer } from './wanted-transfer.js';

/**
 * Assigns nonces and signed bytes, concurrently. An order gets one nonce, and its first bytes
 * remain its request forever.
 */
@Injectable()
export class TransferPreparer {
  private readonly batchers = new Map<string, Batcher<WantedTransfer, Preparation>>();

  constructor(
    private readonly chains: WalletChains,
    private readonly leased: LeasedTransfers,
    private readonly signed: SignedTransfers,
  ) {}

  async prepare(order: WithdrawalOrder): Promise<Preparation> {
    const network = networkOf(order.asset);
    const paid = this.chains.assets.get(order.asset);
    const chain = this.chains.of(network);
    const wanted = wantedTransfer(order, paid, chain.settings);
    return wanted.ok ? this.batcherOf(network).add(wanted.value) : wanted.refusal;
  }

  private batcherOf(network: string): Batcher<WantedTransfer, Preparation> {
    const known = this.batchers.get(network);
    if (known) return known;
    const made = new Batcher<WantedTransfer, Preparation>((batch) => this.run(network, batch));
    this.batchers.set(network, made);
    return made;
  }

  private async run(network: string, batch: readonly WantedTransfer[]): Promise<Preparation[]> {
    const leased = await this.leased.of(network, batch);
    const unsigned = leased.filter((one) => one.kind === 'leased').map(({ transfer }) => transfer);
    const answers = new Map(
      (await this.signed.sign(network, unsigned)).map((one, index) => [
        unsigned[index]?.wanted.order.withdrawalId,
        one,
      ]),
    );
    return leased.map((one): Preparation => {
      if (one.kind === 'prepared') return ready(one.transfer);
      if (one.kind !== 'leased') return one;
      const answer = answers.get(one.transfer.wanted.order.withdrawalId);
      if (answer === undefined) throw new Error('a leased transfer was not signed');
      return answer.kind === 'signed' ? ready({ ...one.transfer, ...answer }) : answer;
    });
  }
}

function ready(
  transfer: LeasedTransfer & { readonly hash: `0x${string}`; readonly raw: `0x${string}` },
): Preparation {
  const { wanted, network, from, nonce, hash, raw, gasLimit, maxFeePerGas } = transfer;
  return {
    kind: 'ready',
    request: {
      form: wanted.order.form,
      body: bodyOf({ network, from, nonce, hash, raw }),
      gross: wanted.order.amount,
      evidence: {
        network,
        from,
        nonce: nonce.toString(),
        hash,
        gas_limit: gasLimit.toString(),
        max_fee_per_gas: maxFeePerGas.toString(),
      },
    },
  };
}
