import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApiFaults, referenceFaults, schemaFaults } from './document-rules.js';
import { ASYNC_API, OPEN_API, readJson } from './repository.js';

interface Events {
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly messages: Readonly<
      Record<
        string,
        { readonly payload: { $ref: string }; readonly examples: { payload: object }[] }
      >
    >;
  };
}

describe('the published documents', () => {
  it('are good OpenAPI', () => {
    expect(openApiFaults(readJson(OPEN_API))).toEqual([]);
  });

  it('are AsyncAPI whose references lead somewhere and whose examples are taken', () => {
    const events = readJson<Events>(ASYNC_API);
    const { schemas, messages } = events.components;
    const ajv = new Ajv2020({ allowUnionTypes: true });

    expect(referenceFaults(events)).toEqual([]);
    expect(schemaFaults(schemas)).toEqual([]);
    for (const [type, { payload, examples }] of Object.entries(messages)) {
      const schema = schemas[payload.$ref.split('/').at(-1) ?? ''];
      expect([type, examples.map((one) => ajv.validate(schema ?? false, one.payload))]).toEqual([
        type,
        [true],
      ]);
    }
  });
});

describe('openApiFaults', () => {
  const answer = { description: 'well' };
  const operation = { operationId: 'a', tags: ['t'], responses: { '200': answer } };
  const of = (change: object, rest: object = {}) =>
    openApiFaults({
      tags: [{ name: 't' }],
      paths: { '/a': { get: { ...operation, ...change } } },
      ...rest,
    });
  const ofSchema = (schema: object) => schemaFaults({ S: schema });
  const S = '#/components/schemas/S';

  it('finds nothing where nothing is', () => {
    expect(of({})).toEqual([]);
  });

  it.each([
    ['GET /a: the tag x has no description', () => of({ tags: ['x'] })],
    ['GET /a: 400 has no description', () => of({ responses: { '200': answer, '400': {} } })],
    ['GET /a: never succeeds', () => of({ responses: { '400': answer } })],
    ['GET /a: key is no security scheme', () => of({ security: [{ key: [] }] })],
    ['GET /a: q has no schema', () => of({ parameters: [{ name: 'q', in: 'query' }] })],
    [
      'a: two operations have this id',
      () => of({}, { paths: { '/a': { get: operation, put: operation } } }),
    ],
    [
      'GET /a/{id}: {id} is not described',
      () => of({}, { paths: { '/a/{id}': { get: operation } } }),
    ],
    [
      '#/paths/~/x: #/components/schemas/None leads nowhere',
      () => referenceFaults({ paths: { '~': { x: { $ref: '#/components/schemas/None' } } } }),
    ],
    [`${S}: nullable is of OpenAPI 3.0`, () => ofSchema({ type: 'string', nullable: true })],
    [`${S}: a value is there twice`, () => ofSchema({ not: {}, enum: ['a', 'a'] }).slice(0, 1)],
    [
      `${S}: requires b, which it does not have`,
      () => ofSchema({ type: 'object', required: ['b'], properties: { a: {} } }),
    ],
    [`${S}: does not take its own example`, () => ofSchema({ type: 'integer', example: 'one' })],
  ])('says %s', (fault, faults) => {
    expect(faults()).toEqual([fault]);
  });

  it('says what is no schema', () => {
    expect(ofSchema({ type: 'text' })).toEqual([expect.stringMatching(new RegExp(`^${S}: `))]);
  });
});
