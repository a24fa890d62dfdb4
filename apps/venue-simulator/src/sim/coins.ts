import { mapOf, oneOf, someOf, textLike, type ValueCheck, wholeNumber } from './check.js';

/** Properties of a coin on a chain, common to every venue. Amounts are decimal text. */
export interface SimulatedChain {
  readonly chain: string;
  /** Empty for a chain's own coin. */
  readonly contract: string;
  /** Maximum decimals of a withdrawal. */
  readonly decimals: number;
  readonly fee: string;
  readonly minimum: string;
  readonly hasTag: boolean;
  readonly address: RegExp;
  /** True if no withdrawal is possible on the chain. */
  readonly closed: boolean;
}

export interface Coin<C extends SimulatedChain> {
  readonly name: string;
  /** Dollar worth of a unit, used in totals. */
  readonly usd: string;
  readonly chains: readonly C[];
}

/** Changes of a chain in the setting `coins`, for a new or an existing chain. */
interface ChainChange {
  readonly closed?: boolean;
  readonly fee?: string;
  readonly minimum?: string;
  readonly decimals?: number;
  readonly contract?: string;
  readonly has_tag?: boolean;
  /** A regular expression. */
  readonly address_like?: string;
}

interface CoinChange {
  readonly name?: string;
  readonly usd?: string;
  /** Default for every chain without an own value. */
  readonly closed?: boolean;
  readonly chains?: Readonly<Record<string, ChainChange>>;
}

export type CoinChanges = Readonly<Record<string, CoinChange>>;

/** Converts a new coin or chain to the venue's format. */
interface NewCoins<C extends SimulatedChain, K extends Coin<C>> {
  readonly coin: (symbol: string, coin: Coin<C>) => K;
  readonly chain: (symbol: string, chain: SimulatedChain) => C;
}

const SYMBOL = /^[A-Z0-9]{1,16}$/;
const decimal = textLike(/^[0-9]{1,12}(\.[0-9]{1,18})?$/);
const flag = oneOf(true, false);

const regularExpression: ValueCheck = (value, at) => {
  try {
    if (typeof value === 'string' && new RegExp(value)) return null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return `${at} has to be a regular expression`;
};

export const checkCoins: ValueCheck = mapOf(
  SYMBOL,
  someOf({
    name: textLike(/^.{1,64}$/),
    usd: decimal,
    closed: flag,
    chains: mapOf(
      /^[A-Z0-9_]{1,32}$/,
      someOf({
        closed: flag,
        fee: decimal,
        minimum: decimal,
        decimals: wholeNumber(0, 18),
        contract: textLike(/^.{0,128}$/),
        has_tag: flag,
        address_like: regularExpression,
      }),
    ),
  }),
);

/** Coins are known only after a change was made; `coinsFault` compares. */
export const checkBalances: ValueCheck = mapOf(SYMBOL, textLike(/^[0-9]{1,30}(\.[0-9]{1,18})?$/));

/** Returns the fault of the coins combined with the balances, or null. */
export function coinsFault(
  coins: ReadonlyMap<string, Coin<SimulatedChain>>,
  balances: Readonly<Record<string, string>>,
): string | null {
  for (const [symbol, { chains }] of coins)
    if (chains.length === 0) return `settings.coins.${symbol} is new and needs a chain`;
  const unknown = Object.keys(balances).find((symbol) => !coins.has(symbol));
  return unknown === undefined
    ? null
    : `settings.balances cannot have ${unknown}: there is no such coin; known: ${[...coins.keys()].join(', ')}`;
}

/** The venue's coins with what the setting adds, closes and prices, worked out once for each state of the setting. */
export function changedCoins<C extends SimulatedChain, K extends Coin<C>>(
  own: ReadonlyMap<string, K>,
  newCoins: NewCoins<C, K>,
): (changes: CoinChanges) => ReadonlyMap<string, K> {
  let last: { changes: CoinChanges; coins: ReadonlyMap<string, K> } | null = null;
  return (changes) => {
    if (last?.changes !== changes) last = { changes, coins: changed(own, changes, newCoins) };
    return last.coins;
  };
}

function changed<C extends SimulatedChain, K extends Coin<C>>(
  own: ReadonlyMap<string, K>,
  changes: CoinChanges,
  newCoins: NewCoins<C, K>,
): ReadonlyMap<string, K> {
  const coins = new Map(own);
  for (const [symbol, change] of Object.entries(changes)) {
    const before =
      coins.get(symbol) ?? newCoins.coin(symbol, { name: symbol, usd: '0', chains: [] });
    const { name = before.name, usd = before.usd } = change;
    coins.set(symbol, {
      ...before,
      name,
      usd,
      chains: changedChains(before.chains, change, (chain) => newCoins.chain(symbol, chain)),
    });
  }
  return coins;
}

function changedChains<C extends SimulatedChain>(
  own: readonly C[],
  { closed: coinClosed, chains: changes = {} }: CoinChange,
  newChain: (chain: SimulatedChain) => C,
): readonly C[] {
  const fresh = Object.keys(changes)
    .filter((name) => !own.some(({ chain }) => chain === name))
    .map((chain) => newChain({ ...OPEN_CHAIN, chain }));
  return [...own, ...fresh].map((before) => {
    const change = changes[before.chain] ?? {};
    return {
      ...before,
      closed: change.closed ?? coinClosed ?? before.closed,
      fee: change.fee ?? before.fee,
      minimum: change.minimum ?? before.minimum,
      decimals: change.decimals ?? before.decimals,
      contract: change.contract ?? before.contract,
      hasTag: change.has_tag ?? before.hasTag,
      address: change.address_like === undefined ? before.address : new RegExp(change.address_like),
    };
  });
}

const OPEN_CHAIN: Omit<SimulatedChain, 'chain'> = {
  contract: '',
  decimals: 8,
  fee: '0',
  minimum: '0',
  hasTag: false,
  address: /^.{1,128}$/,
  closed: false,
};

/** True if the list has the address in any case. */
export function hasAddress(list: readonly string[], address: string): boolean {
  return list.length > 0 && list.some((one) => one.toLowerCase() === address.toLowerCase());
}
