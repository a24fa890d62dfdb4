import { NATIVE_DECIMALS, unitsOf, type TopUpPolicy } from '@sluice/evm';
import type { Address } from 'viem';

/** All in wei. */
export interface HotWallet {
  readonly address: Address;
  readonly balance: bigint;
  /** A top-up of it has not ended, or has just failed. */
  readonly isWaiting: boolean;
}

export interface Tank {
  /** What it has beyond all that is signed. */
  readonly free: bigint;
  /** What left it, or may leave it, by top-ups of the last 24 hours and their gas. */
  readonly givenInADay: bigint;
  /** The most that one top-up costs beside its amount. */
  readonly gas: bigint;
}

export interface TopUp {
  readonly to: Address;
  readonly amount: bigint;
}

interface TopUpPlan {
  readonly topUps: readonly TopUp[];
  /** Wallets that need gas and get none, each with its reason. */
  readonly without: readonly { readonly to: Address; readonly cause: string }[];
}

/** Who gets how much gas now: the poorest first, one top-up at a time for each, all of it or nothing. */
export function planTopUps(
  wallets: readonly HotWallet[],
  tank: Tank,
  policy: TopUpPolicy,
): TopUpPlan {
  const [below, upTo, mostPerDay] = [policy.below, policy.upTo, policy.mostPerDay].map(
    (text) => unitsOf(text, NATIVE_DECIMALS) ?? 0n,
  ) as [bigint, bigint, bigint];
  const poor = wallets
    .filter(({ balance, isWaiting }) => balance < below && !isWaiting)
    .sort((a, b) => (a.balance < b.balance ? -1 : 1));
  const topUps: TopUp[] = [];
  const without: { to: Address; cause: string }[] = [];
  let { free, givenInADay } = tank;
  for (const { address: to, balance } of poor) {
    const amount = upTo - balance;
    const cost = amount + tank.gas;
    if (givenInADay + cost > mostPerDay)
      without.push({ to, cause: `the tank gives ${policy.mostPerDay} in 24 hours at most` });
    else if (cost > free) without.push({ to, cause: 'the tank does not have enough' });
    else {
      topUps.push({ to, amount });
      free -= cost;
      givenInADay += cost;
    }
  }
  return { topUps, without };
}
