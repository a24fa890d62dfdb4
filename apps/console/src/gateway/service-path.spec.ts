import fc from 'fast-check';
import { internalTarget, serviceTarget } from './service-path.js';

describe('the target at a service', () => {
  it('keeps the bytes that a passkey signs', () => {
    expect(
      serviceTarget('/api/services/ledger/accounts/a%20b:c?x=[1]&y=%2F', '/api/services/'),
    ).toEqual({ service: 'ledger', target: '/internal/accounts/a%20b:c?x=[1]&y=%2F' });
  });

  it.each([
    '/api/services/ledger',
    '/api/services/',
    '/api/services//x',
    '/api/every/x',
    'http://x/api/services/ledger/a',
  ])('is no target: %s', (url) => {
    expect(serviceTarget(url, '/api/services/')).toBeNull();
  });

  it('stays below /internal/ for every reader, whatever was asked for', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '%2e',
      '%2E',
      '/',
      '%2f',
      '\\',
      '%5c',
      '%25',
      'a',
      '?',
      '#',
      ';',
      '%00',
      '//',
      '@',
      ':',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const target = internalTarget(parts.join(''));
        if (target === null) return;
        for (const read of [(text: string) => text, decodeURIComponent]) {
          const { pathname, host } = new URL(read(target.split('?', 1)[0] ?? ''), 'http://service');
          expect(host).toBe('service');
          expect(pathname.startsWith('/internal/')).toBe(true);
        }
      }),
    );
  });
});
