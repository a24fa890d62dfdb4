export { AdminError, type AdminFailure } from './admin-error.js';
export { AdminHttp, path, type AdminCall, type AdminTarget } from './admin-http.js';
export { approvedBy, isAwaited } from './approved-by.js';
export { ConnectorAdmin } from './connector-admin.js';
export { HaltingAdmin } from './halting-admin.js';
export { IntakeAdmin } from './intake-admin.js';
export { IssuedTokens, TokenError, type TokenClient } from './issued-tokens.js';
export { LedgerAdmin } from './ledger-admin.js';
export { ServiceAdmin, type Readiness } from './service-admin.js';
