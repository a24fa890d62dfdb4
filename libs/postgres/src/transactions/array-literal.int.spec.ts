import fc from 'fast-check';
import { arrayLiteral } from './transaction.js';
import { givenDatabase } from '../testkit/given-database.js';

describe('arrayLiteral', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  beforeAll(async () => void (db = await givenDatabase()));
  afterAll(() => db.stop());

  it('PostgreSQL reads back every text, whatever letters it has', () => {
    const letters = fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      ',',
      ' ',
      '\n',
      'NULL',
      'null',
      "'",
      'a',
      'é',
      '😀',
    );
    const text = fc.oneof(
      fc.uuid(),
      fc.array(letters, { maxLength: 6 }).map((all) => all.join('')),
      fc.constant(null),
    );

    return fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 10 }), async (values) => {
        const [row] = await db.unitOfWork.run((tx) =>
          tx.query<{ back: (string | null)[] }>('SELECT $1::text[] AS back', [values]),
        );
        expect(row?.back).toEqual(values);
      }),
      { numRuns: 200 },
    );
  });

  it('writes numbers and truth, and leaves to the driver what is not plain', async () => {
    const bytes = [Buffer.from('x')];

    expect(arrayLiteral([1, 2.5, null, true])).toBe('{1,2.5,null,true}');
    expect(arrayLiteral([])).toBe('{}');
    expect(arrayLiteral(bytes)).toBe(bytes);
    expect(arrayLiteral('text')).toBe('text');
  });
});
