export { AdminError, ifThere } from './admin-error.js';
export { AdminHttp, type AdminTarget } from './admin-http.js';
export {
  approvedBy,
  ConnectorAdmin,
  IntakeAdmin,
  LedgerAdmin,
  ServiceAdmin,
  SystemAdmin,
  WalletAdmin,
  WebhooksAdmin,
  type Readiness,
} from './clients.js';
export { IssuedTokens, TokenError, type TokenClient } from './issued-tokens.js';
export { isAwaited } from './requests.js';
export { believeAuthority } from './tls.js';
