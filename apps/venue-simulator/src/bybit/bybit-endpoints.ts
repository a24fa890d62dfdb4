import type { EndpointKind } from '../sim/faults.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { cancel, withdraw } from './bybit-withdraw.js';
import type { BybitPermission } from './bybit-auth.js';
import type { BybitCall, BybitLimit, BybitState } from './bybit-state.js';
import { listRecords } from './bybit-records.js';
import {
  accountInfo,
  coinBalance,
  coinBalances,
  coinInfo,
  keyInfo,
  listAddresses,
  noDeposits,
  noMarkets,
  serverTime,
  transferable,
  vaspList,
  walletBalance,
  withdrawableAmount,
} from './bybit-wallet.js';

export interface BybitEndpoint {
  readonly kind: EndpointKind;
  /** Permissions required of the key; null for a public endpoint. */
  readonly needs: readonly BybitPermission[] | null;
  readonly limit: BybitLimit | null;
  readonly handle: (state: BybitState, call: BybitCall) => SimulatedAnswer;
}

const deposits: BybitEndpoint = { kind: 'list', needs: [], limit: 'deposits', handle: noDeposits };

/** Endpoints by method and path; the control API uses the same names. */
export const BYBIT_ENDPOINTS: Readonly<Record<string, BybitEndpoint>> = {
  'POST /v5/asset/withdraw/create': {
    kind: 'pay',
    needs: ['withdraw', 'master'],
    limit: 'create',
    handle: withdraw,
  },
  'POST /v5/asset/withdraw/cancel': {
    kind: 'cancel',
    needs: ['withdraw', 'master'],
    limit: 'cancel',
    handle: cancel,
  },
  'GET /v5/asset/withdraw/query-record': {
    kind: 'list',
    needs: ['master'],
    limit: 'records',
    handle: listRecords,
  },
  'GET /v5/asset/withdraw/withdrawable-amount': {
    kind: 'read',
    needs: [],
    limit: 'withdrawable',
    handle: withdrawableAmount,
  },
  'GET /v5/asset/withdraw/query-address': {
    kind: 'read',
    needs: ['withdraw'],
    limit: 'addresses',
    handle: listAddresses,
  },
  'GET /v5/asset/withdraw/vasp/list': {
    kind: 'read',
    needs: [],
    limit: 'vasp_list',
    handle: vaspList,
  },
  'GET /v5/asset/deposit/query-record': deposits,
  'GET /v5/asset/deposit/query-internal-record': deposits,
  'GET /v5/asset/coin/query-info': {
    kind: 'read',
    needs: [],
    limit: 'coin_info',
    handle: coinInfo,
  },
  'GET /v5/asset/transfer/query-account-coin-balance': {
    kind: 'read',
    needs: [],
    limit: 'coin_balance',
    handle: coinBalance,
  },
  'GET /v5/asset/transfer/query-account-coins-balance': {
    kind: 'read',
    needs: [],
    limit: 'coin_balances',
    handle: coinBalances,
  },
  'GET /v5/account/wallet-balance': {
    kind: 'read',
    needs: [],
    limit: 'other',
    handle: walletBalance,
  },
  'GET /v5/account/withdrawal': {
    kind: 'read',
    needs: [],
    limit: 'other',
    handle: transferable,
  },
  'GET /v5/user/query-api': { kind: 'read', needs: [], limit: 'other', handle: keyInfo },
  'GET /v5/account/info': { kind: 'read', needs: [], limit: 'other', handle: accountInfo },
  'GET /v5/market/time': { kind: 'read', needs: null, limit: null, handle: serverTime },
  'GET /v5/market/instruments-info': { kind: 'read', needs: null, limit: null, handle: noMarkets },
};
