import { signBybit } from '@sluice/signing';
import { bodyAt } from '../sim/serve.js';
import {
  API_KEYS,
  authenticate,
  type BybitPermission,
  KEY_TERMS,
  type SignedBybitRequest,
} from './bybit-auth.js';

const KEYS = { find: (id: string) => KEY_TERMS.fixed.find((key) => key.api_key === id) };
const NOW = 1_795_149_759_084;

type Change = Partial<Omit<SignedBybitRequest, 'headers'>> & {
  headers?: Partial<SignedBybitRequest['headers']>;
};

function outcome(
  change: Change = {},
  needed: readonly BybitPermission[] = ['withdraw', 'master'],
  name = 'main',
  timestamp = String(NOW),
): unknown {
  const { api_key: key, api_secret: secret } = API_KEYS.find((one) => one.name === name) ?? {
    api_key: '',
    api_secret: '',
  };
  const wire = { method: 'POST', query: '', body: '{"a":1}' };
  const recvWindow =
    change.headers && 'recvWindow' in change.headers ? change.headers.recvWindow : '5000';
  const signed = {
    ...wire,
    apiKey: key,
    timestamp,
    recvWindow: typeof recvWindow === 'string' ? recvWindow : '',
  };
  const headers = {
    key,
    timestamp,
    sign: signBybit(secret, signed),
    recvWindow,
    ...change.headers,
  };
  const result = authenticate(KEYS, { ...wire, ...change, headers }, needed, NOW);
  if (result.ok) return 'ok';
  const body = String(bodyAt(result.refusal.body, NOW));
  return body === '' ? result.refusal.status : (JSON.parse(body) as { retCode: number }).retCode;
}

describe('authenticate', () => {
  it('accepts a signature over the raw bytes', () => {
    expect(outcome()).toBe('ok');
    expect(outcome({ body: '{"a": 1}' })).toBe(10004);
  });

  it.each([
    [NOW - 5_000, 'ok'],
    [NOW - 5_001, 10002],
    [NOW + 999, 'ok'],
    [NOW + 1_000, 10002],
  ])('server − recv_window ≤ timestamp < server + 1000: %s is %s', (timestamp, expected) => {
    expect(outcome({}, [], 'main', String(timestamp))).toBe(expected);
  });

  it('takes the window of the header, and 5 s without one', () => {
    expect(outcome({ headers: { recvWindow: '100' } }, [], 'main', String(NOW - 101))).toBe(10002);
    expect(outcome({ headers: { recvWindow: undefined } }, [], 'main', String(NOW - 5_000))).toBe(
      'ok',
    );
  });

  it('checks headers, then the key, then the clock, then the signature, then the permissions', () => {
    const strange = { key: 'nobody' };
    const expired = { timestamp: '1' };
    const forged = { sign: 'f'.repeat(64) };

    expect(outcome({ headers: { sign: undefined, ...strange } })).toBe(401);
    expect(outcome({ headers: { ...strange, ...expired, ...forged } })).toBe(10003);
    expect(outcome({ headers: { ...expired, ...forged } })).toBe(10002);
    expect(outcome({ headers: forged }, ['withdraw'], 'read_only')).toBe(10004);
    expect(outcome({}, ['withdraw'], 'read_only')).toBe(10005);
    expect(outcome({}, ['withdraw', 'master'], 'sub_account')).toBe(10005);
    expect(outcome({}, ['master'], 'read_only')).toBe('ok');
  });

  it.each(['key', 'timestamp', 'sign'])('needs the header of %s', (header) => {
    expect(outcome({ headers: { [header]: undefined } })).toBe(401);
  });
});
