import { preferredWait } from './idempotency-key.js';

describe('preferredWait', () => {
  it.each([
    [undefined, 0],
    ['', 0],
    ['wait=5', 5],
    ['WAIT=5', 5],
    ['respond-async, wait=10', 10],
    ['wait=10; foo="bar"', 10],
    ['handling=lenient, wait=7, x', 7],
    ['handling=lenient; wait=7, x', 0], // a parameter of another preference
    ['wait="5"', 5],
    ['wait = 5', 5],
    ['wait="5', 0],
    ['wait=1, wait=20', 1],
    ['wait=30', 30],
    ['wait=31', 30],
    ['wait=999999', 30],
    ['wait=0', 0],
    ['wait=-5', 0],
    ['wait=1.5', 0],
    ['wait=', 0],
    ['wait=x', 0],
    ['await=5', 0],
    ['wait=99999999999999999999', 30],
  ])('%j is %i seconds', (prefer, seconds) => {
    expect(preferredWait(prefer)).toBe(seconds);
  });
});
