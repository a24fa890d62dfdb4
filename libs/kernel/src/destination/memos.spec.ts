import { takesMemo } from './memos.js';

describe('takesMemo', () => {
  it.each([
    ['gateio', true],
    ['bitmart', true],
    ['wallet', false],
  ])('%s: %s', (venue, takes) => expect(takesMemo(venue)).toBe(takes));
});
