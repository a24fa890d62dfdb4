import { ok, refuse, type Result } from '@sluice/kernel';
import { verifyGateio } from '@sluice/signing';
import type { SimulatedApiKey } from '../sim/api-keys.js';
import type { KeyBook } from '../sim/key-book.js';
import type { GateioError } from './gateio-errors.js';
import type { GateioPermission } from './gateio-keys.js';

export interface SignedGateioRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string | Uint8Array;
  readonly headers: { readonly key: unknown; readonly timestamp: unknown; readonly sign: unknown };
}

/** Lookup of the existing keys. */
type GateioKeyBook = Pick<KeyBook<SimulatedApiKey<GateioPermission>>, 'find'>;

const TIMESTAMP = /^[0-9]{1,12}(\.[0-9]{1,12})?$/;
const TOLERANCE_MS = 60_000;

/** Headers, clock, key, signature, permission, in this order. `permission` null: any key will do. */
export function authenticate(
  keys: GateioKeyBook,
  request: SignedGateioRequest,
  permission: GateioPermission | null,
  now: number,
): Result<SimulatedApiKey<GateioPermission>, GateioError> {
  const { key: keyText, timestamp, sign } = request.headers;
  if (typeof keyText !== 'string') return missing('KEY');
  if (typeof timestamp !== 'string') return missing('Timestamp');
  if (typeof sign !== 'string') return missing('SIGN');

  if (!TIMESTAMP.test(timestamp))
    return refuse({ label: 'INVALID_PARAM_VALUE', message: 'Invalid header Timestamp' });
  if (Math.abs(Number(timestamp) * 1000 - now) > TOLERANCE_MS) {
    return refuse({
      label: 'REQUEST_EXPIRED',
      message: 'gap between request Timestamp and server time exceeds 60',
    });
  }

  const key = keys.find(keyText);
  if (!key) return refuse({ label: 'INVALID_KEY', message: 'Invalid key provided' });
  if (!verifyGateio(key.api_secret, { ...request, timestamp }, sign))
    return refuse({ label: 'INVALID_SIGNATURE', message: 'Signature mismatch' });
  if (permission && !key.permissions.includes(permission)) {
    return refuse({
      label: 'FORBIDDEN',
      message: `Request API key does not have ${permission === 'withdrawal' ? 'withdraw' : permission} permission`,
    });
  }
  return ok(key);
}

function missing(header: string): Result<never, GateioError> {
  return refuse({
    label: 'MISSING_REQUIRED_HEADER',
    message: `Missing required header: ${header}`,
  });
}
