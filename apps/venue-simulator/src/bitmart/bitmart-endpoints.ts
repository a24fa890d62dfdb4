import type { EndpointKind } from '../sim/faults.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import type { AccessRule } from './bitmart-auth.js';
import {
  emptyMarkets,
  listAddresses,
  listCurrencies,
  listServices,
  listSpotCurrencies,
  showCharge,
  showSpotWallet,
  showTime,
  showWallet,
} from './bitmart-reads.js';
import { listHistory, showDetail } from './bitmart-records.js';
import type { BitmartLimit } from './bitmart-settings.js';
import type { BitmartState, BitmartCall } from './bitmart-state.js';
import { withdraw } from './bitmart-withdraw.js';

export interface BitmartEndpoint {
  readonly kind: EndpointKind;
  /** Null: public, limited by address instead of by key. */
  readonly access: AccessRule | null;
  readonly limit: BitmartLimit;
  readonly handle: (state: BitmartState, call: BitmartCall) => SimulatedAnswer;
}

const KEYED: AccessRule = { level: 'keyed', withdraws: false, subAccount: null };

/** Endpoints by method and path; the control API uses the same names. */
export const BITMART_ENDPOINTS: Readonly<Record<string, BitmartEndpoint>> = {
  'POST /account/v1/withdraw/apply': {
    kind: 'pay',
    access: { level: 'signed', withdraws: true, subAccount: 60054 },
    limit: 'apply',
    handle: withdraw,
  },
  'GET /account/v2/deposit-withdraw/history': {
    kind: 'list',
    access: KEYED,
    limit: 'history',
    handle: listHistory,
  },
  'GET /account/v1/deposit-withdraw/detail': {
    kind: 'list',
    access: KEYED,
    limit: 'detail',
    handle: showDetail,
  },
  'GET /account/v1/withdraw/charge': {
    kind: 'read',
    access: { level: 'keyed', withdraws: true, subAccount: 60026 },
    limit: 'charge',
    handle: showCharge,
  },
  'GET /account/v1/currencies': {
    kind: 'read',
    access: null,
    limit: 'currencies',
    handle: listCurrencies,
  },
  'GET /account/v1/wallet': { kind: 'read', access: KEYED, limit: 'wallet', handle: showWallet },
  'GET /account/v1/withdraw/address/list': {
    kind: 'read',
    access: KEYED,
    limit: 'address_list',
    handle: listAddresses,
  },
  'GET /system/time': { kind: 'read', access: null, limit: 'system', handle: showTime },
  'GET /system/service': { kind: 'read', access: null, limit: 'system', handle: listServices },
  'GET /spot/v1/wallet': { kind: 'read', access: KEYED, limit: 'other', handle: showSpotWallet },
  'GET /spot/v1/currencies': {
    kind: 'read',
    access: null,
    limit: 'other',
    handle: listSpotCurrencies,
  },
  'GET /spot/v1/symbols/details': {
    kind: 'read',
    access: null,
    limit: 'other',
    handle: emptyMarkets,
  },
  'GET /contract/public/details': {
    kind: 'read',
    access: null,
    limit: 'other',
    handle: emptyMarkets,
  },
};

/**
 * Returns the error code for a request without an endpoint: wrong method of a known path, or
 * unknown path.
 */
export function unexpectedCode(path: string): 30000 | 60030 {
  return Object.keys(BITMART_ENDPOINTS).some((name) => name.endsWith(` ${path}`)) ? 60030 : 30000;
}
