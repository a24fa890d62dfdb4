import { originOf } from './client-reference.js';

describe('our reference at a venue', () => {
  it.each([
    ['c4fX2bQ9kLm0ZtR7sVw3Yp81', 'client_reference'],
    ['w4fX2bQ9kLm0ZtR7sVw3Yp81', 'withdrawal'],
    ['order-1', null],
    ['c-1', null],
    ['rent', null],
    ['z'.repeat(24), null],
    ['02yFeWZWrxvE1GLuAGRI8B1', null],
    [`c${'A'.repeat(21)}`, null],
    [`w${'A'.repeat(32)}`, null],
  ])('%s has the origin %s', (reference, origin) => {
    expect(originOf(reference)).toBe(origin);
  });
});
