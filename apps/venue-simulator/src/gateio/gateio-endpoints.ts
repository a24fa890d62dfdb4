import type { EndpointKind } from '../sim/faults.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { cancel } from './gateio-cancel.js';
import type { GateioPermission } from './gateio-keys.js';
import { listPushes, listWithdrawals } from './gateio-listings.js';
import { push } from './gateio-push.js';
import type { GateioCall, GateioState } from './gateio-state.js';
import {
  accountDetail,
  emptyList,
  listChains,
  listCurrencies,
  listSavedAddresses,
  listSpotAccounts,
  listMainKeys,
  listWithdrawStatus,
  serverTime,
  showCurrency,
  totalBalance,
} from './gateio-wallet.js';
import { withdraw } from './gateio-withdraw.js';

export interface GateioEndpoint {
  readonly kind: EndpointKind;
  /** `public`: unsigned; `any`: signed by any key. */
  readonly access: GateioPermission | 'any' | 'public';
  readonly handle: (state: GateioState, call: GateioCall) => SimulatedAnswer;
}

const market: GateioEndpoint = { kind: 'read', access: 'public', handle: emptyList };

/** Endpoints by method and path below /api/v4; the control API uses the same names. */
export const GATEIO_ENDPOINTS: Readonly<Record<string, GateioEndpoint>> = {
  'POST /withdrawals': { kind: 'pay', access: 'withdrawal', handle: withdraw },
  'POST /withdrawals/push': { kind: 'pay', access: 'withdrawal', handle: push },
  'DELETE /withdrawals/{id}': { kind: 'cancel', access: 'withdrawal', handle: cancel },
  'GET /wallet/withdrawals': { kind: 'list', access: 'wallet', handle: listWithdrawals },
  'GET /wallet/push': { kind: 'list', access: 'wallet', handle: listPushes },
  'GET /wallet/deposits': { kind: 'list', access: 'wallet', handle: emptyList },
  'GET /wallet/withdraw_status': { kind: 'read', access: 'wallet', handle: listWithdrawStatus },
  'GET /wallet/saved_address': { kind: 'read', access: 'wallet', handle: listSavedAddresses },
  'GET /wallet/currency_chains': { kind: 'read', access: 'public', handle: listChains },
  'GET /wallet/total_balance': { kind: 'read', access: 'wallet', handle: totalBalance },
  'GET /spot/accounts': { kind: 'read', access: 'spot', handle: listSpotAccounts },
  'GET /spot/time': { kind: 'read', access: 'public', handle: serverTime },
  'GET /spot/currencies/{currency}': { kind: 'read', access: 'public', handle: showCurrency },
  'GET /spot/currencies': { kind: 'read', access: 'public', handle: listCurrencies },
  'GET /account/detail': { kind: 'read', access: 'any', handle: accountDetail },
  'GET /account/main_keys': { kind: 'read', access: 'any', handle: listMainKeys },
  'GET /spot/currency_pairs': market,
  'GET /margin/currency_pairs': market,
  'GET /futures/usdt/contracts': market,
  'GET /futures/btc/contracts': market,
  'GET /delivery/usdt/contracts': market,
  'GET /options/underlyings': market,
};
