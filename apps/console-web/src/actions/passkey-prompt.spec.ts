import { promptWords } from './passkey-prompt.js';

describe("the browser's refusal of a passkey", () => {
  it.each([
    ['NotAllowedError', /cancelled.*Nothing was sent/],
    ['SecurityError', /address.*Nothing was sent/],
    ['InvalidStateError', /has a passkey of yours already/],
  ])('%s is said in words', (name, words) =>
    expect(promptWords(new DOMException('x', name))).toMatch(words),
  );

  it('of another kind keeps its own words', () =>
    expect(promptWords(new Error('the device is locked'))).toBe(
      'The browser gave no passkey: the device is locked',
    ));
});
