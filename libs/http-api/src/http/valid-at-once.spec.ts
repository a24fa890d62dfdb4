import 'reflect-metadata';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { DecimalField, NestedListField, TextField } from './fields.js';
import { isValidAtOnce } from './valid-at-once.js';

class Flat {
  @TextField({ max: 8, min: 2 }) currency?: unknown;
  @DecimalField({ moreThanZero: true }) amount?: unknown;
  @TextField({ max: 4 }, { optional: true }) venue?: unknown;
  @TextField({ max: 4 }, { when: ({ venue }) => venue === undefined }) address?: unknown;
}
class Nested extends Flat {
  @NestedListField(() => Flat, { optional: true }) parts?: unknown;
}
class WithoutRules {}

const ANY = fc.oneof(
  fc.constantFrom('USDT', '25', '0', '', ' ', 'a', null, undefined, 7, true),
  fc.string({ maxLength: 10 }),
  fc.array(fc.string(), { maxLength: 2 }),
);
const fields = { currency: ANY, amount: ANY, venue: ANY, address: ANY };

describe('isValidAtOnce', () => {
  it('accepts exactly the objects without a fault', () => {
    const outcomes = new Set<boolean>();
    fc.assert(
      fc.property(fc.record(fields, { requiredKeys: [] }), (given) => {
        const dto = Object.assign(new Flat(), given);
        outcomes.add(isValidAtOnce(dto));
        expect(isValidAtOnce(dto)).toBe(validateSync(dto).length === 0);
      }),
      { numRuns: 500, examples: [[{ currency: 'USDT', amount: '25', venue: 'a' }]] },
    );
    expect(outcomes.size).toBe(2);
  });

  it('leaves nested objects, and classes without rules, to class-validator', () => {
    const valid = { currency: 'USDT', amount: '25', address: 'a' };
    expect(isValidAtOnce(Object.assign(new Flat(), valid))).toBe(true);
    expect(isValidAtOnce(Object.assign(new Nested(), valid))).toBe(false);
    expect(isValidAtOnce(new WithoutRules())).toBe(false);
  });
});
