import { amountOf } from '../sim/accounts.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import type { BybitCoin, Coins } from './bybit-coins.js';
import { ACCOUNT_UID, errorAnswer, malformed, paramsErr, success } from './bybit-auth.js';
import type { BybitState, BybitCall } from './bybit-state.js';

const MOST_COINS = 20;

export function coinInfo(
  { accounts, coins: known }: BybitState,
  { query, now }: BybitCall,
): SimulatedAnswer {
  const asked = query.get('coin');
  const coins = [...known().values()].filter(({ coin }) => !asked || coin === asked);
  return success({
    rows: coins.map((coin) => ({
      name: coin.name,
      coin: coin.coin,
      remainAmount: accounts.of(coin.coin, now).toString(),
      chains: chainsOf(coin),
    })),
  });
}

function chainsOf({ chains }: BybitCoin): object[] {
  return chains.map((chain) => ({
    chain: chain.chain,
    chainType: chain.chainType,
    confirmation: '12',
    withdrawFee: chain.fee,
    depositMin: '0',
    withdrawMin: chain.minimum,
    withdrawMax: chain.maximum,
    minAccuracy: String(chain.decimals),
    chainDeposit: '1',
    chainWithdraw: chain.closed ? '0' : '1',
    withdrawPercentageFee: chain.percentage.fraction,
    contractAddress: chain.contract,
    safeConfirmNumber: '64',
  }));
}

/** GET /v5/asset/withdraw/query-address: returns `address_book` of the settings. */
export function listAddresses({ settings }: BybitState, { query }: BybitCall): SimulatedAnswer {
  const limit = Number(query.get('limit') || '50');
  const first = Number(query.get('cursor') || '0');
  if (!Number.isInteger(limit) || limit < 1 || limit > 50)
    return errorAnswer(malformed('limit must be 1 to 50'));
  if (!Number.isInteger(first) || first < 0) return errorAnswer(malformed('cursor'));
  const wanted = {
    coin: query.get('coin'),
    chain: query.get('chain'),
    addressType: query.get('addressType'),
  };
  const rows = settings()
    .address_book.filter(
      (one) =>
        (!wanted.coin || one.coin === wanted.coin) &&
        (!wanted.chain || one.chain === wanted.chain) &&
        (!wanted.addressType || String(one.addressType) === wanted.addressType),
    )
    .map((one) => ({ ...one, createdAt: '1742738305' }));
  return success({
    rows: rows.slice(first, first + limit),
    nextPageCursor: rows.length > first + limit ? String(first + limit) : '',
  });
}

/** GET /v5/asset/withdraw/withdrawable-amount. All wallets are shown as FUND. */
export function withdrawableAmount(
  { accounts, coins }: BybitState,
  { query, now }: BybitCall,
): SimulatedAnswer {
  const coin = query.get('coin');
  if (!coin) return errorAnswer(malformed('coin is required'));
  if (!coins().has(coin)) return errorAnswer(paramsErr('coin'));
  const available = positive(accounts.of(coin, now).toString(), coin);
  return success({
    limitAmountUsd: '0',
    withdrawableAmount: {
      FUND: { coin, withdrawableAmount: available, availableBalance: available },
    },
  });
}

export function coinBalance(
  { accounts, coins }: BybitState,
  { query, now }: BybitCall,
): SimulatedAnswer {
  const [coin, accountType] = [query.get('coin'), query.get('accountType')];
  if (!coin || !accountType) return errorAnswer(malformed('accountType and coin are required'));
  if (!coins().has(coin)) return errorAnswer(paramsErr('coin'));
  const balance = accounts.of(coin, now).toString();
  const safe = query.get('withTransferSafeAmount') === '1' ? balance : '';
  return success({
    accountType,
    bizType: 1,
    accountId: ACCOUNT_UID,
    memberId: ACCOUNT_UID,
    balance: {
      coin,
      walletBalance: balance,
      transferBalance: balance,
      bonus: '',
      transferSafeAmount: safe,
      ltvTransferSafeAmount: '',
    },
  });
}

export function coinBalances(
  { accounts, coins }: BybitState,
  { query, now }: BybitCall,
): SimulatedAnswer {
  const accountType = query.get('accountType');
  if (!accountType) return errorAnswer(malformed('accountType is required'));
  const balance = coinsAskedFor(coins(), query).map((coin) => {
    const amount = accounts.of(coin, now).toString();
    return { coin, walletBalance: amount, transferBalance: amount, bonus: '' };
  });
  return success({ memberId: ACCOUNT_UID, accountType, balance });
}

/** GET /v5/account/wallet-balance. No prices, loans or orders. */
export function walletBalance(
  { accounts, coins }: BybitState,
  { query, now }: BybitCall,
): SimulatedAnswer {
  const accountType = query.get('accountType');
  if (accountType !== 'UNIFIED') return errorAnswer(malformed('accountType must be UNIFIED'));
  const coin = coinsAskedFor(coins(), query).map((symbol) => {
    const amount = accounts.of(symbol, now).toString();
    return {
      coin: symbol,
      equity: amount,
      walletBalance: amount,
      locked: '0',
      borrowAmount: '0',
      totalOrderIM: '0',
      totalPositionIM: '0',
    };
  });
  return success({ list: [{ accountType, coin }] });
}

/** GET /v5/account/withdrawal: always the whole balance; up to 20 coins. */
export function transferable(
  { accounts, coins }: BybitState,
  { query, now }: BybitCall,
): SimulatedAnswer {
  const names = query.get('coinName')?.split(',').filter(Boolean) ?? [];
  if (names.length === 0 || names.length > MOST_COINS)
    return errorAnswer(malformed('coinName must be 1 to 20 coins'));
  const unknown = names.find((name) => !coins().has(name));
  if (unknown !== undefined) return errorAnswer(malformed(`coinName ${unknown}`));
  const amounts = names.map((coin) => positive(accounts.of(coin, now).toString(), coin));
  return success({
    // amount of the first coin, kept from the older single-coin API
    availableWithdrawal: amounts[0],
    availableWithdrawalMap: Object.fromEntries(names.map((coin, at) => [coin, amounts[at]])),
  });
}

function coinsAskedFor(coins: Coins, query: URLSearchParams): readonly string[] {
  const asked = query.get('coin')?.split(',').filter(Boolean) ?? [];
  return [...coins.keys()].filter((coin) => asked.length === 0 || asked.includes(coin));
}

/** Deposit records: the simulated account never receives deposits. */
export function noDeposits(): SimulatedAnswer {
  return success({ rows: [], nextPageCursor: '' });
}

export function vaspList(): SimulatedAnswer {
  return success({
    vasp: [
      { vaspEntityId: 'basic-finance', vaspName: 'Basic Finance' },
      { vaspEntityId: 'others', vaspName: 'Others' },
    ],
  });
}

export function serverTime(_state: BybitState, { now }: BybitCall): SimulatedAnswer {
  return success({ timeSecond: String(Math.floor(now / 1000)), timeNano: `${now}000000` });
}

/** GET /v5/market/instruments-info (public): a withdrawal venue needs no markets; clients load them. */
export function noMarkets(_state: BybitState, { query }: BybitCall): SimulatedAnswer {
  return success({ category: query.get('category') ?? '', list: [], nextPageCursor: '' });
}

export function keyInfo({ settings }: BybitState, { key }: BybitCall): SimulatedAnswer {
  const { key_ips: ips, key_expires_at: expiredAt, key_more_permissions: more } = settings();
  return success({
    id: '1',
    note: 'simulated',
    apiKey: key?.api_key ?? '',
    readOnly: 0,
    ips,
    expiredAt,
    isMaster: key?.permissions.includes('master') ?? false,
    unified: 0,
    uta: 1,
    userID: Number(ACCOUNT_UID),
    permissions: { Wallet: key?.permissions.includes('withdraw') ? ['Withdraw'] : [], ...more },
  });
}

export function accountInfo(): SimulatedAnswer {
  return success({
    unifiedMarginStatus: 6,
    marginMode: 'REGULAR_MARGIN',
    updatedTime: '1742738305000',
  });
}

function positive(amount: string, coin: string): string {
  return amountOf(amount, coin).isNegative() ? '0' : amount;
}
