import { readFileSync } from 'node:fs';
import type { OpenApi } from '../document/open-api.js';
import { exampleOf, fieldsOf, referencePage } from './page.js';

const DOCUMENT = JSON.parse(
  readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'),
) as OpenApi;

describe('the reference page', () => {
  const page = referencePage(DOCUMENT);

  it('shows each operation, with its way in from the list', () => {
    for (const operations of Object.values(DOCUMENT.paths))
      for (const { operationId } of Object.values(operations)) {
        expect(page).toContain(`<section id="${operationId}">`);
        expect(page).toContain(`href="#${operationId}"`);
      }
  });

  it('loads nothing and runs nothing', () => {
    expect(page).not.toMatch(
      /<script|<img|<link|<iframe|\bsrc=|\bon\w+=|javascript:|@import|url\(/i,
    );
    expect([...page.matchAll(/href="([^"#]*)/g)].map(([, to]) => to).filter(Boolean)).toEqual([
      'openapi.json',
    ]);
  });

  it('lets no text of the document become markup', () => {
    const hostile = '<script>alert("x")</script>';
    const [path] = Object.entries(DOCUMENT.paths).find(([, { get }]) => get) ?? [];
    const get = DOCUMENT.paths[path ?? '']?.['get'];
    if (!get || path === undefined) throw new Error('a route to look at');
    const changed = {
      ...DOCUMENT,
      paths: {
        [`${path}${hostile}`]: {
          get: {
            ...get,
            operationId: hostile,
            summary: hostile,
            description: hostile,
            'x-permission': hostile,
            parameters: [{ name: hostile, in: 'query' as const, description: hostile, schema: {} }],
          },
        },
      },
    };

    expect(referencePage(changed)).not.toContain('<script');
  });
});

describe('fieldsOf', () => {
  it('goes down into references, lists and forms, and says what each is', () => {
    const document = {
      ...DOCUMENT,
      components: {
        ...DOCUMENT.components,
        schemas: { Inner: { type: 'object', properties: { a: { type: ['string', 'null'] } } } },
      },
    };
    const inner = { $ref: '#/components/schemas/Inner' };
    const schema = {
      type: 'object',
      required: ['list'],
      properties: {
        list: { type: 'array', items: inner, maxItems: 5 },
        one: { description: 'of two', oneOf: [inner, { type: 'integer', minimum: 1, maximum: 9 }] },
        kind: { enum: ['x', 'y'] },
      },
    };

    expect(fieldsOf(schema, document)).toEqual([
      { name: 'list', type: 'list of object', required: true, description: '' },
      { name: 'list[].a', type: 'string or null', required: false, description: '' },
      { name: 'one', type: 'object or integer, 1 to 9', required: false, description: 'of two' },
      { name: 'one.a', type: 'string or null', required: false, description: '' },
      { name: 'kind', type: '"x", "y"', required: false, description: '' },
    ]);
    expect(exampleOf(schema, document)).toEqual({ list: [{}] });
  });
});
