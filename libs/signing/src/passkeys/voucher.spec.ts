import { randomBytes } from 'node:crypto';
import { KeyRing } from '../message-auth/key-ring.js';
import { isVoucherValid, readVoucher, signVoucher } from './voucher.js';

const ring = (id = '1') => new KeyRing([{ id, key: randomBytes(32).toString('base64') }]);
const ISSUED = new Date('2026-11-30T12:00:00.000Z');
const VOUCHER = {
  service: 'webhooks',
  person: 'ada',
  credentialId: 'AAEC',
  publicKey: 'pQEC',
  rpId: 'localhost',
  origins: ['http://localhost:7420', 'https://console.example.com'],
  issuedAt: ISSUED.toISOString(),
};

describe('a voucher', () => {
  it('is read by the holder of the same key', () => {
    const key = ring();

    expect(readVoucher(key, signVoucher(key, VOUCHER))).toEqual(VOUCHER);
  });

  it('is none under another key, in another text, or for another purpose', () => {
    const key = ring();
    const voucher = signVoucher(key, VOUCHER);
    const [text = '', mac = ''] = voucher.split('~');
    const changed = Buffer.from(JSON.stringify({ ...VOUCHER, person: 'eve' })).toString(
      'base64url',
    );

    expect(readVoucher(ring(), voucher)).toBeNull();
    expect(readVoucher(key, `${changed}~${mac}`)).toBeNull();
    expect(readVoucher(key, `${text}~${key.sign('message', [text])}`)).toBeNull();
    for (const cut of ['', '~', text, `${text}~`, `~${mac}`, `${text}=~${mac}`])
      expect(readVoucher(key, cut)).toBeNull();
  });

  it.each<[string, number, boolean]>([
    ['at once', 0, true],
    ['for five minutes', 300_000, true],
    ['no longer', 300_001, false],
    ['by a clock that is a minute behind', -60_000, true],
    ['not by a clock that is further behind', -60_001, false],
  ])('counts %s', (_when, ageMs, isValid) => {
    expect(isVoucherValid(VOUCHER, new Date(ISSUED.getTime() + ageMs))).toBe(isValid);
  });
});
