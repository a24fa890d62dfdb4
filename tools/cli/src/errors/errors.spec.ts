import * as fc from 'fast-check';
import { nearest, networkCause } from './errors.js';

describe('nearest', () => {
  it('takes the word with the fewest differing letters', () => {
    expect(nearest('acount list', ['account create', 'account list', 'key list'])).toBe(
      'account list',
    );
    expect(nearest('balence', ['api', 'balances', 'fund'])).toBe('balances');
  });

  it('finds a word that is among the candidates', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }),
        fc.nat(),
        (words, pick) => {
          const word = words[pick % words.length] ?? '';
          expect(nearest(word, words)).toBe(word);
        },
      ),
    );
  });

  it('has nothing to offer where there is nothing', () => {
    expect(nearest('ledger', [])).toBe('');
  });
});

describe('the cause of a failed call', () => {
  it.each([
    [
      new TypeError('fetch failed', {
        cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      }),
      'ECONNREFUSED',
    ],
    [new TypeError('fetch failed', { cause: new Error('other side closed') }), 'other side closed'],
    [new DOMException('aborted', 'TimeoutError'), 'no answer in time'],
    [new TypeError('Invalid URL'), 'Invalid URL'],
  ])('%s is named in a word', (error, word) => {
    expect(networkCause(error)).toBe(word);
  });
});
