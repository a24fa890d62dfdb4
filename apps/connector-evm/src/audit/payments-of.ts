import { isSameAddress, NATIVE_DECIMALS, textOf, type ChainSettings } from '@sluice/evm';
import { assetOf } from '@sluice/kernel';
import type { Address } from 'viem';
import type { SentTransaction } from '../chain/chain.js';
import type { ChainPayment } from './chain-audit.js';
import type { LeavingLog } from './leaving-logs.js';

/** A final transaction of one of our addresses. */
export interface FinalMove extends SentTransaction {
  readonly isReverted: boolean;
  readonly gasUsed: bigint;
  /** Wei per unit of gas, as charged. */
  readonly gasPrice: bigint;
  /** Wei paid for the transaction beside its value, with every further charge of the receipt. */
  readonly cost: bigint;
}

interface Left {
  readonly moves: readonly FinalMove[];
  readonly logs: readonly LeavingLog[];
  readonly times: ReadonlyMap<bigint, Date>;
}

/**
 * Payments to strangers. Voids and top-ups stay at our addresses. Transfers of zero move nothing,
 * and a stranger can log them in our name.
 */
export function paymentsOf(
  { network, native, tokens, wallets }: ChainSettings,
  { moves, logs, times }: Left,
): readonly ChainPayment[] {
  const isOurs = (to: Address) => wallets.some(({ address }) => isSameAddress(address, to));
  const coins = moves.flatMap(({ hash, to, value, blockNumber, isReverted }): ChainPayment[] => {
    const at = times.get(blockNumber);
    if (isReverted || value === 0n || to === null || isOurs(to) || !at) return [];
    const asset = assetOf(native.currency, network);
    return [
      {
        reference: `${network} ${hash}`,
        asset,
        to,
        amount: textOf(value, NATIVE_DECIMALS),
        hash,
        at,
      },
    ];
  });
  const transfers = logs.flatMap(
    ({ token, hash, index, to, amount, blockNumber }): ChainPayment[] => {
      const of = tokens.find(({ address }) => isSameAddress(address, token));
      const at = times.get(blockNumber);
      if (amount === 0n || isOurs(to) || !of || !at) return [];
      const asset = assetOf(of.currency, network);
      return [
        {
          reference: `${network} ${hash} ${index}`,
          asset,
          to,
          amount: textOf(amount, of.decimals),
          hash,
          at,
        },
      ];
    },
  );
  return [...coins, ...transfers];
}
