import { idBefore, isInBook, MOST_ENTRIES, usableAddresses } from './usable-addresses.js';

const NOW = Date.parse('2026-11-30T14:00:00Z');
const PAST = '2026-11-30T13:00:00Z';
const LATER = '2026-11-30T15:00:00Z';

function entry(address: string, usable_at: string | null = PAST, removed_at: string | null = null) {
  return { destination: { kind: 'chain', address } as never, usable_at, removed_at };
}

describe('an address', () => {
  const book = [entry('a'), entry('b', null), entry('c', LATER), entry('d', PAST, PAST)];

  it('is usable with an entry that counts now and is not removed', () =>
    expect(usableAddresses(book, NOW)).toEqual(['a']));

  it('is in the book, or not, as far as the book was read', () => {
    expect(['a', 'b', 'c', 'd', 'e'].map((address) => isInBook(address, book, NOW))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(isInBook('a', undefined, NOW)).toBeNull();
    expect(isInBook('a', book, null)).toBeNull();
    const full = Array.from({ length: MOST_ENTRIES }, () => entry('a'));
    expect([isInBook('a', full, NOW), isInBook('e', full, NOW)]).toEqual([true, null]);
  });
});

describe('the id before an entry', () => {
  it.each([
    ['0193a1b2-0000-7000-8000-00000000000a', '0193a1b2-0000-7000-8000-000000000009'],
    ['0193a1b2-0000-7000-8001-000000000000', '0193a1b2-0000-7000-8000-ffffffffffff'],
  ])('%s is %s', (id, before) => expect(idBefore(id)).toBe(before));
});
