import type { Address } from 'viem';
import { type ChainSettings, isSameAddress, NATIVE_DECIMALS, textOf } from '@sluice/evm';
import { type Asset, assetOf } from '@sluice/kernel';
import { readBalances } from '../chain/try-transfer.js';
import { isAgreed, type Look } from '../chain/node-group.js';
import type { SentTransaction } from '../chain/chain.js';
import type { RpcNode } from '../chain/rpc-node.js';
import type { ChainPayment } from './chain-audit.js';
import type { LeavingLog } from './leaving-logs.js';

interface WatchedCoins {
  readonly address: Address;
  readonly asset: Asset;
  /** Contract of the token; null for the chain's coin. */
  readonly token: Address | null;
  readonly decimals: number;
}

export function watchedCoins({
  network,
  native,
  tokens,
  wallets,
}: ChainSettings): readonly WatchedCoins[] {
  const coin = {
    asset: assetOf(native.currency, network),
    token: null,
    decimals: NATIVE_DECIMALS,
  };
  const others = tokens.map(({ currency, address: token, decimals }) => ({
    asset: assetOf(currency, network),
    token,
    decimals,
  }));
  return wallets.flatMap(({ address }) => [coin, ...others].map((one) => ({ address, ...one })));
}

/** The address of ours in the spelling of the settings; undefined for a stranger. */
function ourAddress({ wallets }: ChainSettings, address: Address): Address | undefined {
  return wallets.find((one) => isSameAddress(one.address, address))?.address;
}

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

/** Payments to strangers. Transfers of zero move nothing: a stranger can log them in our name. */
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

/** Coins of one of our addresses in a block, in the smallest units. */
export interface CoinsInBlock {
  readonly address: Address;
  readonly asset: string;
  readonly units: bigint;
}

/**
 * Coins of our addresses in a block; null if the state is missing or a node disagrees or fails to
 * confirm.
 */
export async function coinsInBlock(
  { believed, others }: Look,
  settings: ChainSettings,
  block: bigint,
): Promise<readonly CoinsInBlock[] | null> {
  const [own, ...theirs] = await Promise.all(
    [believed, ...others.map(({ node }) => node)].map((node) => coinsAt(node, settings, block)),
  );
  if (!own) return null;
  const shown = namesOf(own);
  const votes = theirs.map((coins) => {
    if (coins === null) return 'silent';
    return namesOf(coins) === shown ? 'same' : 'other';
  });
  return isAgreed(votes, settings.rpcUrls.length) ? own : null;
}

async function coinsAt(
  node: RpcNode,
  settings: ChainSettings,
  block: bigint,
): Promise<readonly CoinsInBlock[] | null> {
  const tokens = settings.tokens.map(({ address }) => address);
  const read = await Promise.all(
    settings.wallets.map(
      async ({ address }) => [address, await readBalances(node, address, tokens, block)] as const,
    ),
  );
  const byAddress = new Map(read);
  const coins = watchedCoins(settings).flatMap(({ address, asset, token }): CoinsInBlock[] => {
    const there = byAddress.get(address);
    const units = token === null ? there?.native : there?.tokens.get(token);
    return units === undefined ? [] : [{ address, asset, units }];
  });
  return coins.length === watchedCoins(settings).length ? coins : null;
}

function namesOf(coins: readonly CoinsInBlock[]): string {
  return coins.map(({ units }) => `${units}`).join();
}
