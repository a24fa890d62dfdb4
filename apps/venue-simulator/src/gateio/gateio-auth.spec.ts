import { signGateio } from '@sluice/signing';
import {
  API_KEYS,
  authenticate,
  type GateioPermission,
  type SignedGateioRequest,
} from './gateio-auth.js';

const KEYS = { find: (id: string) => API_KEYS.find((key) => key.api_key === id) };
const NOW = 1_795_149_758_959;

type Change = Partial<Omit<SignedGateioRequest, 'headers'>> & {
  headers?: Partial<SignedGateioRequest['headers']>;
};

function outcome(
  change: Change = {},
  permission: GateioPermission | null = 'withdrawal',
  key = 'main',
  timestamp = '1795149758.959',
): string {
  const { api_key, api_secret } = API_KEYS.find((one) => one.name === key) ?? {
    api_key: '',
    api_secret: '',
  };
  const wire = { method: 'POST', path: '/api/v4/withdrawals', query: '', body: '{"a":1}' };
  const headers = {
    key: api_key,
    timestamp,
    sign: signGateio(api_secret, { ...wire, timestamp }),
    ...change.headers,
  };
  const result = authenticate(KEYS, { ...wire, ...change, headers }, permission, NOW);
  return result.ok ? 'ok' : result.refusal.label;
}

describe('authenticate', () => {
  it('accepts a signature over the raw bytes, with a fractional timestamp', () => {
    expect(outcome()).toBe('ok');
    expect(outcome({ body: '{"a": 1}' })).toBe('INVALID_SIGNATURE');
  });

  it.each([
    ['1795149698.959', 'ok'],
    ['1795149698.958', 'REQUEST_EXPIRED'],
    ['1795149818.959', 'ok'],
    ['1795149818.96', 'REQUEST_EXPIRED'],
    ['now', 'INVALID_PARAM_VALUE'],
    ['-1', 'INVALID_PARAM_VALUE'],
  ])('at most 60 s either way: %s is %s', (timestamp, expected) => {
    expect(outcome({}, null, 'main', timestamp)).toBe(expected);
  });

  it('checks headers, then the clock, then the key, then the signature, then the permission', () => {
    const expired = { timestamp: '1' };
    const strange = { key: 'nobody' };
    const forged = { sign: 'f'.repeat(128) };

    expect(outcome({ headers: { key: undefined, ...expired, ...forged } })).toBe(
      'MISSING_REQUIRED_HEADER',
    );
    expect(outcome({ headers: { ...expired, ...strange, ...forged } })).toBe('REQUEST_EXPIRED');
    expect(outcome({ headers: { ...strange, ...forged } })).toBe('INVALID_KEY');
    expect(outcome({ headers: forged }, 'withdrawal', 'read_only')).toBe('INVALID_SIGNATURE');
    expect(outcome({}, 'withdrawal', 'read_only')).toBe('FORBIDDEN');
    expect(outcome({}, 'wallet', 'read_only')).toBe('ok');
  });

  it.each(['key', 'timestamp', 'sign'])('needs the header %s', (header) => {
    expect(outcome({ headers: { [header]: undefined } })).toBe('MISSING_REQUIRED_HEADER');
  });
});
