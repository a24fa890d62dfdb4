import { parseSearchText, writeSearchText } from './search-text.js';

describe('the search of an address', () => {
  it('keeps texts that other parsers read as numbers', () =>
    expect(parseSearchText('?q=00012&amount=1e18&long=12345678901234567890')).toEqual({
      q: '00012',
      amount: '1e18',
      long: '12345678901234567890',
    }));

  it('joins repeated names', () =>
    expect(parseSearchText('state=held&state=failed')).toEqual({ state: 'held,failed' }));

  it('leaves out empty values, and reads what it wrote', () => {
    const search = { q: 'a b&c', state: 'x,y', venue: '', cursor: undefined };

    expect(writeSearchText(search)).toBe('?q=a+b%26c&state=x%2Cy');
    expect(parseSearchText(writeSearchText(search))).toEqual({ q: 'a b&c', state: 'x,y' });
    expect(writeSearchText({})).toBe('');
  });
});
