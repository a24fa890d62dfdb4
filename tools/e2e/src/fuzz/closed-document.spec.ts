import { closedDocument } from './closed-document.js';

describe('closedDocument', () => {
  const fields = { type: 'object', properties: { a: { type: 'string' } } };
  const content = (schema: object) => ({ content: { 'application/json': { schema } } });
  const document = {
    openapi: '3.1.0',
    paths: {
      '/a': { post: { requestBody: content(fields), responses: { '200': content(fields) } } },
    },
    components: {
      schemas: {
        Deep: { type: 'object', properties: { list: { type: 'array', items: fields } } },
        Free: { type: 'object', additionalProperties: { type: 'string' } },
      },
    },
  };
  const shut = { ...fields, additionalProperties: false };

  it('closes what is answered, however deep, and leaves open what is asked and what is free', () => {
    expect(closedDocument(document)).toEqual({
      openapi: '3.1.0',
      paths: {
        '/a': { post: { requestBody: content(fields), responses: { '200': content(shut) } } },
      },
      components: {
        schemas: {
          Deep: {
            type: 'object',
            properties: { list: { type: 'array', items: shut } },
            additionalProperties: false,
          },
          Free: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
    });
  });

  it('takes the examples of a message as the only ones, with or without a reason', () => {
    const message = { type: 'string', examples: ['Not found.', 'Busy (later)'] };
    const { paths } = closedDocument({
      paths: { '/a': { get: { responses: { '404': message } } } },
      components: { schemas: {} },
    });
    const { pattern } = (paths as Record<string, Record<string, Record<string, never>>>)['/a']?.[
      'get'
    ]?.['responses']?.['404'] ?? { pattern: '' };

    const fits = (text: string) => new RegExp(pattern).test(text);
    expect(['Not found.', 'Busy (later)', 'Busy (later): in a minute'].filter(fits)).toHaveLength(
      3,
    );
    expect(['Not found', 'Not found!', 'Not found. ', 'A Not found.'].filter(fits)).toEqual([]);
  });
});
