import fc from 'fast-check';
import { localPath } from './local-path.js';

const CONSOLE = 'https://console.example';

describe('the page after a login', () => {
  it.each(['/', '/withdrawals?q=1#top', '/decide/ledger/approval/7', '/withdrawals/..%2f'])(
    'may be %s',
    (path) => {
      expect(localPath(path, CONSOLE)).toBe(path);
    },
  );

  it.each([
    undefined,
    ['/a', '/b'],
    '',
    'withdrawals',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    'https://evil.example/',
    'https://console.example@evil.example/',
    '/\tx',
    '/x y',
    '/api/session',
    '/auth/login',
    '/internal/whoami',
    '/./auth/login',
    `/${'x'.repeat(2_000)}`,
  ])('is the start instead of %j', (given) => {
    expect(localPath(given, CONSOLE)).toBe('/');
  });

  it('is always of the console', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'/\\.:@?#ae%25') }), (text) => {
        const { origin } = new URL(localPath(`/${text}`, CONSOLE), CONSOLE);
        expect(origin).toBe(CONSOLE);
      }),
    );
  });
});
