import { knownValues, type ValuesSchema } from './known-values.js';

const ONE: ValuesSchema = { additionalProperties: false, properties: { secret: {} } };
const SCHEMA: ValuesSchema = {
  additionalProperties: false,
  properties: {
    image: { additionalProperties: false, properties: { tag: {} } },
    settings: { additionalProperties: {} },
    services: {
      additionalProperties: false,
      properties: { ledger: { $ref: '#/definitions/one' } },
    },
    connectors: { items: ONE },
  },
  definitions: { one: ONE },
};

describe('the values of an older chart', () => {
  it('lack what its schema does not know, at each level', () => {
    const values = {
      image: { tag: '1', digests: {} },
      installs: 'all',
      settings: { LOG_LEVEL: 'warn' },
      services: { ledger: { secret: 'a', nodeSelector: {} }, auditor: { secret: 'b' } },
      connectors: [{ secret: 'c', instance: 'd' }],
    };

    expect(knownValues(values, SCHEMA)).toEqual({
      image: { tag: '1' },
      settings: { LOG_LEVEL: 'warn' },
      services: { ledger: { secret: 'a' } },
      connectors: [{ secret: 'c' }],
    });
  });

  it('keep everything where the schema allows everything', () => {
    expect(knownValues({ a: { b: [1, null, 'c'] } }, {})).toEqual({ a: { b: [1, null, 'c'] } });
  });
});
