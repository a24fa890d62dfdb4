import { networkCause } from './network-cause.js';

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
