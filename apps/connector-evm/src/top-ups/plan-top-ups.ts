import { NATIVE_DECIMALS, unitsOf, type TopUpPolicy } from '@sluice/evm';
import type { Address } from 'viem';

/** All in wei. */
export interface HotWallet {
  readonly address: Address;
  readonly balance: bigint;
  /** A top-up of the wallet is open, or has just failed. */
  readonly isWaiting: boolean;
}

export interface Tank {
  /** Balance minus all signed transfers. */
  readonly free: bigint;
  /** Amounts and gas of the top-ups of the last 24 hours, including open top-ups. */
  readonly givenInADay: bigint;
  /** Maximum gas cost of a top-up. */
  readonly gas: bigint;
}

export interface PlannedTopUp {
  readonly to: Address;
  readonly amount: bigint;
}

interface TopUpPlan {
  readonly topUps: readonly PlannedTopUp[];
  /** Wallets in need of gas but without a top-up, each with the reason. */
  readonly without: readonly { readonly to: Address; readonly cause: string }[];
}

/** Decides the top-ups: poorest wallet first, always the full amount. */
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
  const topUps: PlannedTopUp[] = [];
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
