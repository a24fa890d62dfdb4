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
});
