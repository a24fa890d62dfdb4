import { ROLES, type Callers } from '@sluice/admin-api';
import type { Secret } from '@sluice/config';
import { ApiError } from '@sluice/http-api';
import { constantTimeEqual } from '@sluice/signing';

/** Everybody who brings the one token of all operators may do everything, under the name that follows it: `TOKEN~NAME`. */
export function sharedTokenCallers(token: Secret): Callers {
  return {
    prove: (credential) => {
      const [given = '', name = 'operator'] = credential.split('~', 2);
      return constantTimeEqual(given, token.reveal())
        ? Promise.resolve({ kind: 'person', name, roles: ROLES })
        : Promise.reject(new ApiError(401, 'Operator token is missing or wrong'));
    },
  };
}
