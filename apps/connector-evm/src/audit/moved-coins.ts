import { isSameAddress, type ChainSettings } from '@sluice/evm';
import type { Address } from 'viem';
import type { LeavingLog } from './leaving-logs.js';
import type { FinalMove } from './payments-of.js';
import { ourAddress, watchedCoins } from './watched-coins.js';

/** Units of an asset that transactions and transfers of our addresses moved at one of them. */
export interface MovedCoins {
  readonly address: Address;
  readonly asset: string;
  /** To anyone, also to an address of ours. */
  readonly sent: bigint;
  /** From addresses of ours. */
  readonly received: bigint;
  /** Cost of the address's transactions, also of reverted ones; zero for a token. */
  readonly gas: bigint;
}

interface Moved {
  readonly moves: readonly FinalMove[];
  readonly logs: readonly LeavingLog[];
}

/** A transfer with the addresses of ours; undefined stands for a stranger. */
interface Transfer {
  readonly token: Address | null;
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly units: bigint;
}

/** Sums of what was moved, without the assets at addresses where nothing moved. */
export function movedCoins(settings: ChainSettings, { moves, logs }: Moved): readonly MovedCoins[] {
  const ours = (address: Address | null) =>
    address === null ? undefined : ourAddress(settings, address);
  const transfers: readonly Transfer[] = [
    ...moves
      .filter(({ isReverted }) => !isReverted)
      .map(({ from, to, value }) => ({
        token: null,
        from: ours(from),
        to: ours(to),
        units: value,
      })),
    ...logs.map(({ token, from, to, amount }) => ({
      token,
      from: ours(from),
      to: ours(to),
      units: amount,
    })),
  ];
  const costs = moves.map(({ from, cost }) => ({ from: ours(from), units: cost }));
  return watchedCoins(settings)
    .map(({ address, asset, token }) => {
      const ofAsset = transfers.filter((one) => isSameAddress(one.token, token));
      return {
        address,
        asset,
        sent: sumOf(ofAsset.filter(({ from }) => from === address)),
        received: sumOf(ofAsset.filter(({ to }) => to === address)),
        gas: token === null ? sumOf(costs.filter(({ from }) => from === address)) : 0n,
      };
    })
    .filter(({ sent, received, gas }) => sent + received + gas > 0n);
}

function sumOf(all: readonly { readonly units: bigint }[]): bigint {
  return all.reduce((sum, { units }) => sum + units, 0n);
}
