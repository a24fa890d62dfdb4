import type { ServiceDocument } from './open-api.js';
import { describeRoute } from './route-description.js';

const DOCUMENT: ServiceDocument = {
  paths: {
    '/internal/accounts/{account_id}/freezes': {
      post: {
        summary: 'Freezes an account',
        'x-requires': ['administer', 'operate'],
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Freeze' } } },
        },
      },
    },
    '/internal/halts/{id}': { delete: { 'x-requires': ['operate'] } },
  },
  components: {
    schemas: {
      Freeze: {
        type: 'object',
        required: ['reason', 'limit'],
        properties: {
          reason: { type: 'string', maxLength: 1000, description: 'seen by the auditor' },
          asset: { type: 'string', pattern: '^[A-Z]+$', nullable: true, example: 'ETH' },
          days: { type: 'integer', minimum: 1 },
          hard: { type: 'boolean' },
          until: { type: 'string', format: 'date-time' },
          side: { enum: ['in', 'out'] },
          names: { type: 'array', items: { type: 'string' } },
          parts: { type: 'array', items: { $ref: '#/components/schemas/Limit' } },
          limit: {
            nullable: true,
            description: 'of a day',
            allOf: [{ $ref: '#/components/schemas/Limit' }],
          },
          more: { type: 'object' },
        },
      },
      Limit: {
        type: 'object',
        required: ['amount'],
        properties: { amount: { type: 'string', example: '12.5' } },
      },
    },
  },
};

describe('the description of a route', () => {
  const freeze = describeRoute(DOCUMENT, 'POST /internal/accounts/:account_id/freezes');

  it('has the roles, the sentence and the fields of the body', () => {
    expect(freeze).toMatchObject({
      summary: 'Freezes an account',
      requires: ['administer', 'operate'],
      hasBody: true,
    });
    expect(freeze?.fields.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'reason: long text',
      'asset: text',
      'days: whole number',
      'hard: flag',
      'until: time',
      'side: choice',
      'names: texts',
      'parts: json',
      'limit: group',
      'more: json',
    ]);
  });

  it('has what is required, null, chosen and of a form', () => {
    const [reason, asset, , , , side] = freeze!.fields;

    expect(reason).toMatchObject({ isRequired: true, description: 'seen by the auditor' });
    expect(asset).toMatchObject({
      isRequired: false,
      mayBeNull: true,
      pattern: '^[A-Z]+$',
      example: 'ETH',
    });
    expect(side?.choices).toEqual(['in', 'out']);
  });

  it('has the fields of a group with their paths', () => {
    const limit = freeze?.fields.find(({ name }) => name === 'limit');

    expect(limit).toMatchObject({ isRequired: true, mayBeNull: true, description: 'of a day' });
    expect(limit?.fields).toMatchObject([{ path: 'limit.amount', isRequired: true }]);
  });

  it('of a route without a body has no fields, and of an unknown route is missing', () => {
    expect(describeRoute(DOCUMENT, 'DELETE /internal/halts/:id?')).toMatchObject({
      fields: [],
      hasBody: false,
    });
    expect(describeRoute(DOCUMENT, 'POST /internal/halts/:id')).toBeNull();
  });
});
