import { AuditKeys } from './audit-keys.js';

const KEY = Buffer.alloc(32, 'k').toString('base64');

describe('the keys of an audit log', () => {
  it('are read with their ids, and the first one seals what is new', () => {
    const keys = AuditKeys.parse(`2026-11 ${KEY}\n\n2026-05 ${KEY}\n`);

    expect(keys.current).toBe('2026-11');
    expect(keys.seal('2026-05', 'x')).toEqual(keys.seal('2026-11', 'x'));
    expect(keys.seal('2025-01', 'x')).toBeNull();
  });

  it.each([
    ['', 'it has no key'],
    [KEY, 'line 1 is no "ID BASE64" of at least 32 bytes'],
    [`a ${KEY}\nb short`, 'line 2 is no "ID BASE64" of at least 32 bytes'],
    [`a ${KEY}\na ${KEY}`, 'an id is there twice'],
  ])('are refused without a word of the file: %s', (text, message) => {
    expect(() => AuditKeys.parse(text)).toThrow(new RegExp(`^${message}$`));
  });
});
