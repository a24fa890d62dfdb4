import fc from 'fast-check';
import { addressGroups, lookAlikes } from './address.js';

const PAID = '0x52908400098527886E0F7030069857D2E4169EE7';

describe('an address', () => {
  it('is complete when its groups are joined', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (address) =>
        expect(addressGroups(address).join('')).toBe(address),
      ),
    ));

  it('is grouped in fours', () =>
    expect(addressGroups('0x52908400')).toEqual(['0x52', '9084', '00']));

  it('warns of an address with equal ends and another middle', () =>
    expect(lookAlikes('0x5290aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa9EE7', [PAID, 'other'])).toEqual([
      PAID,
    ]));

  it('does not warn of itself, in any case of its letters', () => {
    expect(lookAlikes(PAID, [PAID])).toEqual([]);
    expect(lookAlikes(PAID.toLowerCase(), [PAID])).toEqual([]);
  });

  it('does not warn of another end, another beginning, or a short text', () => {
    expect(lookAlikes('0x52908400098527886E0F7030069857D2E4160000', [PAID])).toEqual([]);
    expect(lookAlikes('0x00008400098527886E0F7030069857D2E4169EE7', [PAID])).toEqual([]);
    expect(lookAlikes('abcdabcd', ['abcdxabcd'])).toEqual([]);
  });
});
