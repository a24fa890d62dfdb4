import { signBitmart } from '@sluice/signing';
import { type AccessRule, API_KEYS, authenticate, type WireHeaders } from './bitmart-auth.js';

const KEYS = { find: (id: string) => API_KEYS.find((key) => key.api_key === id) };
const NOW = 1_795_149_758_959;
const BODY = '{"a":1}';
const SIGNED: AccessRule = { level: 'signed', withdraws: true, subAccount: 60054 };
const KEYED: AccessRule = { level: 'keyed', withdraws: false, subAccount: null };

function outcome(
  change: Partial<WireHeaders> & { body?: string; memo?: string } = {},
  rule = SIGNED,
  name = 'main',
  timestamp = `${NOW}`,
): number {
  const key = API_KEYS.find((one) => one.name === name) ?? {
    api_key: '',
    api_secret: '',
    memo: '',
  };
  const { body = BODY, memo = key.memo, ...headers } = change;
  const sign = signBitmart(key.api_secret, { timestamp, memo, content: BODY });
  const result = authenticate(
    KEYS,
    { key: key.api_key, timestamp, sign, ...headers },
    body,
    rule,
    NOW,
  );
  return result.ok ? 1000 : result.refusal.code;
}

describe('authenticate', () => {
  it('accepts a signature over the raw bytes and the memo, which is never sent', () => {
    expect(outcome()).toBe(1000);
    expect(outcome({ body: '{"a": 1}' })).toBe(30005);
    expect(outcome({ memo: '' })).toBe(30005);
  });

  it('checks only the key at endpoints that require only the key', () => {
    expect(outcome({ sign: 'odd', timestamp: '1' }, KEYED)).toBe(1000);
    expect(outcome({ sign: undefined, timestamp: undefined }, KEYED)).toBe(1000);
    expect(outcome({ memo: 'wrong' }, KEYED)).toBe(1000);
  });

  it.each([
    [`${NOW - 60_000}`, 1000],
    [`${NOW - 60_001}`, 30007],
    [`${NOW + 60_000}`, 1000],
    [`${NOW + 60_001}`, 30007],
    ['now', 30006],
    ['', 30006],
  ])('at most 60 s either way: %s is %s', (timestamp, code) => {
    expect(outcome({}, SIGNED, 'main', timestamp)).toBe(code);
  });

  it('checks the key, then signature and clock, then the permission', () => {
    const expired = { timestamp: '1' };
    const forged = { sign: 'f'.repeat(64) };

    expect(outcome({ key: undefined, ...expired, ...forged })).toBe(30001);
    expect(outcome({ key: 'nobody', ...expired, ...forged })).toBe(30002);
    expect(outcome(forged, SIGNED, 'frozen')).toBe(30003);
    expect(outcome({ sign: undefined, ...expired })).toBe(30004);
    expect(outcome({ timestamp: undefined, ...forged })).toBe(30006);
    expect(outcome({ ...expired, ...forged })).toBe(30005);
    expect(outcome(forged, SIGNED, 'read_only')).toBe(30005);
    expect(outcome({}, SIGNED, 'expired')).toBe(30011);
    expect(outcome({}, SIGNED, 'read_only')).toBe(30012);
    expect(outcome({}, SIGNED, 'sub_account')).toBe(60054);
    expect(outcome({}, KEYED, 'sub_account')).toBe(1000);
  });
});
