import { ROLES, type Callers } from '@sluice/admin-api';
import type { Secret } from '@sluice/config';
import { ApiError } from '@sluice/http-api';
import { constantTimeEqual } from '@sluice/signing';

/** Everybody who brings the one token of all operators is the same person, who may do everything. */
export function sharedTokenCallers(token: Secret): Callers {
  return {
    prove: (credential) =>
      constantTimeEqual(credential, token.reveal())
        ? Promise.resolve({ kind: 'person', name: 'operator', roles: ROLES })
        : Promise.reject(new ApiError(401, 'Operator token is missing or wrong')),
  };
}
