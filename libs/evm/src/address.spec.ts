import { addressOf } from './address.js';

const ADDRESS = '0x52908400098527886E0F7030069857D2E4169EE7';
const OTHER = '0xde709f2102306220921060314715629080e2fb77';

describe('addressOf', () => {
  it.each([
    ['with its checksum', ADDRESS],
    ['in lower case', ADDRESS.toLowerCase()],
    ['in upper case', `0x${ADDRESS.slice(2).toUpperCase()}`],
  ])('reads one %s', (_how, text) => {
    expect(addressOf(text)).toBe(ADDRESS);
  });

  it.each([
    ['mixed case that is no checksum', ADDRESS.replace('E0F', 'e0F')],
    ['one capital letter', OTHER.replace('de', 'De')],
    ['too few digits', ADDRESS.slice(0, -1)],
    ['no prefix', ADDRESS.slice(2)],
    ['an upper-case prefix', ADDRESS.replace('0x', '0X')],
    ['nothing', ''],
  ])('reads none in %s', (_what, text) => {
    expect(addressOf(text)).toBeNull();
  });
});
