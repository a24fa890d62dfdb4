import { TEST_AUTHORITY } from '../testkit/test-authority.js';
import { UnsentSeals } from './unsent-seals.js';

describe('the seal of an unsent order', () => {
  const at = new Date('2026-11-26T10:00:00.000Z');
  const seals = new UnsentSeals(TEST_AUTHORITY, () => new Date(at.getTime() + 1_500));
  const seal = TEST_AUTHORITY.sealUnsent('r-1', { basis: 'stored', at });

  it('proves its basis and its age', () => {
    expect(seals.read('r-1', seal)).toEqual({ basis: 'stored', ageMs: 1_500 });
  });

  it.each([
    ['of another order', 'r-2', seal],
    ['of another basis', 'r-1', seal.replace('stored', 'looked up')],
    ['of another time', 'r-1', seal.replace('10:00', '10:01')],
    ['that is empty', 'r-1', ''],
    ['without its parts', 'r-1', 'stored'],
  ])('%s proves nothing', (_what, reference, text) => {
    expect(seals.read(reference, text)).toBeNull();
  });

  it('has a time whose text is smaller if older', () => {
    expect(seal.split('~')[1]).toBe(seals.timeBefore(1_500));
    expect(seals.timeBefore(2_000) < seals.timeBefore(1_500)).toBe(true);
  });
});
