import type { ChainSettings } from '@sluice/evm';
import type { Address } from 'viem';
import { readBalances } from '../chain/balances.js';
import { isAgreed } from '../chain/believe.js';
import type { Look } from '../chain/node-group.js';
import type { RpcNode } from '../chain/rpc-node.js';
import { watchedCoins } from './watched-coins.js';

/** Coins of one of our addresses in a block, in the smallest units. */
export interface CoinsInBlock {
  readonly address: Address;
  readonly asset: string;
  readonly units: bigint;
}

/**
 * Coins of every address of ours in a block; null if the trusted node lacks the block's state, a
 * node disagrees, or no second node of several confirms.
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
