import { openApiChanges, type ApiDocument } from './open-api-changes.js';

const FAILURE = (messages: readonly string[]) => ({
  content: {
    'application/json': {
      schema: { type: 'object', properties: { message: { type: 'string', enum: messages } } },
    },
  },
});

function document(change: (one: Mutable) => void = () => undefined): ApiDocument {
  const made: Mutable = {
    paths: {
      '/v1/things': {
        post: {
          operationId: 'makeThing',
          'x-permission': 'make',
          parameters: [{ name: 'q', in: 'query', schema: { type: 'string', maxLength: 10 } }],
          requestBody: {
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Ask' } } },
          },
          responses: {
            '200': {
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
            },
            '404': FAILURE(['Thing not found', 'Not found']),
          },
        },
      },
    },
    components: {
      schemas: {
        Ask: {
          type: 'object',
          required: ['name'],
          properties: {
            name: { type: 'string', minLength: 1 },
            colour: { enum: ['red', 'blue'] },
            size: { type: 'integer' },
          },
        },
        Thing: {
          type: 'object',
          required: ['id', 'state'],
          properties: {
            id: { type: 'integer' },
            state: { type: 'string', enum: ['new', 'old'] },
            parent: { anyOf: [{ $ref: '#/components/schemas/Thing' }, { type: 'null' }] },
            to: {
              oneOf: [
                { title: 'a', type: 'object', properties: { x: { type: 'string' } } },
                { title: 'b', type: 'object', properties: { y: { type: 'string' } } },
              ],
            },
          },
        },
      },
    },
  };
  change(made);
  return made;
}

type Fields = Record<string, unknown>;
interface MutableParameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Fields;
}
interface MutableOperation {
  operationId: string;
  'x-permission': string | null;
  parameters: MutableParameter[];
  requestBody: { content: Record<string, { schema: Fields }> };
  responses: Record<string, { content?: Record<string, { schema: Fields }> }>;
}
interface Mutable {
  paths: Record<string, Record<string, MutableOperation>>;
  components: { schemas: Record<string, Fields & { properties: Record<string, Fields> }> };
}

const post = (one: Mutable) => {
  const operation = one.paths['/v1/things']?.['post'];
  if (!operation) throw new Error('the operation of this test');
  return operation;
};
const ask = (one: Mutable) => schemaNamed(one, 'Ask');
const thing = (one: Mutable) => schemaNamed(one, 'Thing');
function schemaNamed({ components }: Mutable, name: string) {
  const schema = components.schemas[name];
  if (!schema) throw new Error('the schema of this test');
  return schema;
}

describe('openApiChanges', () => {
  it.each<[string, (one: Mutable) => void, string]>([
    ['a path', (one) => delete one.paths['/v1/things'], 'POST /v1/things: is gone'],
    [
      'a name of an operation',
      (one) => (post(one).operationId = 'createThing'),
      'POST /v1/things: is now called createThing',
    ],
    [
      'another permission',
      (one) => (post(one)['x-permission'] = 'rule'),
      'POST /v1/things: now needs the permission rule',
    ],
    ['a parameter', (one) => post(one).parameters.pop(), 'POST /v1/things query q: is gone'],
    [
      'a parameter that is required',
      (one) => post(one).parameters.push({ name: 'n', in: 'query', required: true, schema: {} }),
      'POST /v1/things query n: is now required',
    ],
    [
      'a stricter limit',
      (one) => Object.assign(post(one).parameters[0]?.schema ?? {}, { maxLength: 5 }),
      'POST /v1/things query q: maxLength is stricter than before',
    ],
    [
      'a field that is required',
      (one) => (ask(one)['required'] = ['name', 'size']),
      'POST /v1/things body.size: is now required',
    ],
    [
      'a field that is no longer read',
      (one) => delete ask(one).properties['size'],
      'POST /v1/things body.size: is gone',
    ],
    [
      'a value that is no longer taken',
      (one) => (ask(one).properties['colour'] = { enum: ['red'] }),
      'POST /v1/things body.colour: may no longer be "blue"',
    ],
    [
      'a type that is no longer taken',
      (one) => (ask(one).properties['name'] = { type: 'integer', minLength: 1 }),
      'POST /v1/things body.name: may no longer be string',
    ],
    [
      'a pattern',
      (one) => Object.assign(ask(one).properties['name'] ?? {}, { pattern: '^x' }),
      'POST /v1/things body.name: pattern is stricter than before',
    ],
    [
      'a field of the answer',
      (one) => delete thing(one).properties['id'],
      'POST /v1/things 200.id: is gone',
    ],
    [
      'a field of the answer that may be missing',
      (one) => (thing(one)['required'] = ['id']),
      'POST /v1/things 200.state: may now be missing',
    ],
    [
      'a field of the answer that may be null',
      (one) => (thing(one).properties['id'] = { type: ['integer', 'null'] }),
      'POST /v1/things 200.id: may now be null',
    ],
    [
      'a value that nobody knew',
      (one) => (thing(one).properties['state'] = { type: 'string', enum: ['new', 'old', 'lost'] }),
      'POST /v1/things 200.state: may now be "lost"',
    ],
    [
      'a form that nobody knew',
      (one) => (thing(one).properties['to']?.['oneOf'] as Fields[]).push({ title: 'c' }),
      'POST /v1/things 200.to: c is a new form',
    ],
    [
      'a success that nobody knew',
      (one) => (post(one).responses['202'] = {}),
      'POST /v1/things 202: is a new success',
    ],
    [
      'a sentence of a refusal',
      (one) => (post(one).responses['404'] = FAILURE(['Not found', 'No such thing'])),
      'POST /v1/things 404: "Thing not found" is gone',
    ],
  ])('finds what breaks a client: %s', (_what, change, sentence) => {
    expect(openApiChanges(document(), document(change))).toEqual([sentence]);
  });

  it.each<[string, (one: Mutable) => void]>([
    ['nothing', () => undefined],
    ['a path more', (one) => (one.paths['/v1/others'] = {})],
    [
      'an optional parameter',
      (one) => post(one).parameters.push({ name: 'n', in: 'query', schema: {} }),
    ],
    ['no permission', (one) => (post(one)['x-permission'] = null)],
    ['an optional field', (one) => (ask(one).properties['note'] = { type: 'string' })],
    ['a field of the answer', (one) => (thing(one).properties['note'] = { type: 'string' })],
    [
      'a value more that is taken',
      (one) => (ask(one).properties['colour'] = { enum: ['red', 'blue', 'green'] }),
    ],
    [
      'a number where there was a whole one',
      (one) => (ask(one).properties['size'] = { type: 'number' }),
    ],
    [
      'a field that was optional and is always there',
      (one) => (thing(one)['required'] = ['id', 'state', 'to']),
    ],
    [
      'a value less that is answered',
      (one) => (thing(one).properties['state'] = { type: 'string', enum: ['new'] }),
    ],
    [
      'a sentence more',
      (one) => (post(one).responses['404'] = FAILURE(['Thing not found', 'Not found', 'Gone'])),
    ],
    ['a refusal more', (one) => (post(one).responses['409'] = FAILURE(['Taken']))],
    [
      'a wider limit',
      (one) => Object.assign(post(one).parameters[0]?.schema ?? {}, { maxLength: 20 }),
    ],
  ])('lets pass what breaks none: %s', (_what, change) => {
    expect(openApiChanges(document(), document(change))).toEqual([]);
  });
});
