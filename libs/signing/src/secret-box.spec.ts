import { randomBytes } from 'node:crypto';
import { SecretBox } from './secret-box.js';

const kek = () => randomBytes(32).toString('base64');
const boxOf = (kek: string, ...others: string[]) => new SecretBox([kek, ...others]);
const [OLD, NEW] = [kek(), kek()];

describe('SecretBox', () => {
  it('opens its own sealed values, and seals the same secret differently each time', () => {
    const box = boxOf(NEW);
    const [a, b] = [box.seal('sécret-🔑', 'ck_1', 'row'), box.seal('sécret-🔑', 'ck_1', 'row')];
    expect([box.open(a, 'ck_1', 'row'), box.open(b, 'ck_1', 'row')]).toEqual([
      'sécret-🔑',
      'sécret-🔑',
    ]);
    expect(a.sealed).not.toBe(b.sealed);
    expect(JSON.stringify(a)).not.toContain('sécret');
  });

  it('does not open a value copied to another row, or a value of a changed row', () => {
    const box = boxOf(NEW);
    const sealed = box.seal('hush', 'ck_1', 'row');
    expect(() => box.open(sealed, 'ck_2', 'row')).toThrow();
    expect(() => box.open(sealed, 'ck_1', 'another')).toThrow();
  });

  it('does not open with another key, or after one changed byte', () => {
    const box = boxOf(NEW);
    const sealed = box.seal('hush', 'ck_1', 'row');
    expect(() => boxOf(OLD).open(sealed, 'ck_1', 'row')).toThrow('another SECRETS_KEK');
    const bytes = Buffer.from(sealed.sealed, 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const changed = { ...sealed, sealed: bytes.toString('base64') };
    expect(() => box.open(changed, 'ck_1', 'row')).toThrow();
  });

  it('opens with every key that it has, and seals with its own', () => {
    const sealed = boxOf(OLD).seal('hush', 'ck_1', 'row');
    const both = boxOf(NEW, OLD);
    expect(both.open(sealed, 'ck_1', 'row')).toBe('hush');
    expect(both.seal('hush', 'ck_1', 'row').kek).toBe(boxOf(NEW).kekId);
  });

  it.each([['c2hvcnQ='], [''], [OLD, 'c2hvcnQ=']])('refuses short keys', (kek, ...others) => {
    expect(() => boxOf(kek, ...others)).toThrow('32 bytes');
  });
});
