import { randomBytes } from 'node:crypto';
import { Secret } from '@sluice/config';
import { SecretBox } from './sealed-secret.js';

const kekOf = (base64: string) => ({ secretsKek: new Secret(base64) });
const kek = kekOf(randomBytes(32).toString('base64'));

describe('SecretBox', () => {
  it('opens what it sealed, and seals the same secret differently each time', () => {
    const box = new SecretBox(kek);
    const [a, b] = [box.seal('sécret-🔑', 'ck_1'), box.seal('sécret-🔑', 'ck_1')];
    expect([box.open(a, 'ck_1'), box.open(b, 'ck_1')]).toEqual(['sécret-🔑', 'sécret-🔑']);
    expect(a.sealed).not.toBe(b.sealed);
    expect(JSON.stringify(a)).not.toContain('sécret');
  });

  it('does not open a value copied to another row', () => {
    const box = new SecretBox(kek);
    expect(() => box.open(box.seal('hush', 'ck_1'), 'ck_2')).toThrow();
  });

  it('does not open with another key, or after one changed byte', () => {
    const sealed = new SecretBox(kek).seal('hush', 'ck_1');
    expect(() =>
      new SecretBox(kekOf(randomBytes(32).toString('base64'))).open(sealed, 'ck_1'),
    ).toThrow('another SECRETS_KEK');
    const bytes = Buffer.from(sealed.sealed, 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(() =>
      new SecretBox(kek).open({ ...sealed, sealed: bytes.toString('base64') }, 'ck_1'),
    ).toThrow();
  });

  it('refuses a short key', () => {
    expect(() => new SecretBox(kekOf('c2hvcnQ='))).toThrow('32 bytes');
  });
});
