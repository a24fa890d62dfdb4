import * as fc from 'fast-check';
import { clientReference, originOf, withdrawalIdOf } from './client-reference.js';

describe('clientReference', () => {
  it('fits the narrowest venue: 32 characters at most, letters and digits only', () =>
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 1_000_000 }), (id, number) => {
        expect(clientReference(id, number)).toMatch(/^[0-9A-Za-z]{23,32}$/);
      }),
    ));

  it('names its withdrawal, and another key number is another reference', () =>
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 10_000 }), (id, number) => {
        expect(withdrawalIdOf(clientReference(id, number))).toBe(id);
        expect(clientReference(id, number)).not.toBe(clientReference(id, number + 1));
      }),
    ));

  it('is the same for every caller', () => {
    expect(clientReference('01932d5a-7c3e-7f00-8000-0123456789ab', 1)).toBe(
      '02yFeWZWrxvE1GLuAGRI8B1',
    );
  });

  it('shows its source by its mark, also for old withdrawals', () => {
    expect(originOf('c4fX2bQ9kLm0ZtR7sVw3Yp81')).toBe('client_reference');
    expect(originOf('w4fX2bQ9kLm0ZtR7sVw3Yp81')).toBe('withdrawal');
    expect(originOf(clientReference('01932d5a-7c3e-7f00-8000-0123456789ab', 1))).toBe('withdrawal');
    expect(['order-1', 'c-1', 'rent', 'z'.repeat(24)].map(originOf)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('does not recognize a reference that we did not write', () => {
    expect(withdrawalIdOf('order-1')).toBeNull();
    expect(withdrawalIdOf('z'.repeat(23))).toBeNull();
  });
});
