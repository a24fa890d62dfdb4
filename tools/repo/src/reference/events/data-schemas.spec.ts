import { ALL_TOPICS, dataSchema, type Topic } from '@sluice/messages';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { messageSources } from '../repository.js';

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
const TYPES = ALL_TOPICS.flatMap((one: Topic) =>
  Object.keys(one.types).map((type) => ({ of: one, name: one.name, type })),
);
const { samplesOf } = messageSources();
/** What a field might be given instead: of each kind, and of each form on its edge. */
const INSTEAD = fc.constantFrom<unknown>(
  null,
  true,
  0,
  1,
  -1,
  1.5,
  2 ** 53,
  [],
  {},
  '',
  ' ',
  'x',
  'x'.repeat(128),
  'x'.repeat(129),
  'x'.repeat(1000),
  'x'.repeat(1001),
  '1',
  '01',
  '-1',
  '1.5',
  '1e5',
  '9'.repeat(25),
  '0.5',
  'USDT.ETH',
  'usdt.eth',
  'USDT',
  'gateio',
  'Gateio',
  'bybit',
  'a1'.repeat(32),
  'A1'.repeat(32),
  '2026-11-20T08:00:00Z',
  '2026-11-20T08:00:00+01:00',
  '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  '7C9E6679-7425-40DE-944B-E07FC1F90AE7',
  `k.${'a'.repeat(43)}`,
  '2147483648',
  { type: 'address', address: '0x1' },
  { type: 'address' },
  { type: 'iban' },
  { type: 1 },
  { type: 'venue_account', kind: 'uid', value: '1', more: 1 },
  { type: 'venue_account', kind: 'iban', value: '1' },
  [{ withdrawalId: '7c9e6679-7425-40de-944b-e07fc1f90ae7', state: 'submitting' }],
  [{ withdrawalId: '7c9e6679-7425-40de-944b-e07fc1f90ae7', state: 'lost' }],
  ['7c9e6679-7425-40de-944b-e07fc1f90ae7'],
);

describe('the JSON Schemas of messages', () => {
  it.each(TYPES)('$name $type: takes its golden samples', ({ of, type, name }) => {
    const validate = ajv.compile(dataSchema(of, type));

    for (const data of dataOf(name, type))
      expect([validate(data), validate.errors]).toEqual([true, null]);
  });

  it.each(TYPES)(
    '$name $type: takes what the rules take, and nothing else',
    ({ of, type, name }) => {
      const validate = ajv.compile(dataSchema(of, type));
      const rules = of.rules.get(type);
      const samples = dataOf(name, type);
      const change = fc.record({
        sample: fc.constantFrom(...samples),
        field: fc.constantFrom(...new Set([...samples.flatMap(Object.keys), 'later'])),
        value: fc.option(INSTEAD, { nil: undefined }),
      });

      fc.assert(
        fc.property(change, ({ sample, field, value }) => {
          const { [field]: _gone, ...rest } = sample;
          const data = value === undefined ? rest : { ...rest, [field]: value };
          expect([field, value, validate(data)]).toEqual([
            field,
            value,
            rules?.(data).length === 0,
          ]);
        }),
        { numRuns: 200 },
      );
    },
  );
});

function dataOf(name: string, type: string): readonly Record<string, unknown>[] {
  return samplesOf(name, type).map(({ value }) => JSON.parse(value) as Record<string, unknown>);
}
