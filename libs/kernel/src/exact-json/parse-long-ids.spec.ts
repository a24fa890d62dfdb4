import { parseLongIds } from './parse-long-ids.js';

describe('parseLongIds', () => {
  it('keeps every digit of a whole number that a double cannot hold', () => {
    expect(parseLongIds('{"id": 9223372036854775807, "ids": [9007199254740993]}')).toEqual({
      id: '9223372036854775807',
      ids: ['9007199254740993'],
    });
  });

  it('reads everything else as JSON.parse does', () => {
    const text = '{"id":111,"time":1596531048.285,"note":": 12345678901234567890, x","big":1e300}';

    expect(parseLongIds(text)).toEqual(JSON.parse(text));
  });
});
