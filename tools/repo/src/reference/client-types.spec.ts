import { clientTypes } from './client-types.js';

const TEXT = { type: 'string' };
const NUMBER_OR_NULL = { type: ['integer', 'null'] };
const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const event = (name: string) => ({
  post: {
    requestBody: {
      content: { 'application/json': { schema: { properties: { data: refTo(name) } } } },
    },
  },
});

describe('the types of the client', () => {
  const text = clientTypes({
    paths: {
      '/v1/balances': {
        get: {
          operationId: 'listBalances',
          parameters: [
            { name: 'X-Key', in: 'header', schema: TEXT },
            { name: 'limit', in: 'query', description: 'default 50', schema: NUMBER_OR_NULL },
            { name: 'cursor', in: 'query', schema: NUMBER_OR_NULL },
            {
              name: 'status',
              in: 'query',
              schema: { type: ['string', 'null'], enum: ['pending', 'failed', null] },
            },
          ],
        },
      },
    },
    webhooks: { 'withdrawal.a': event('A'), 'withdrawal.b': event('B'), 'webhook.c': event('C') },
    components: {
      schemas: {
        A: { required: ['id', 'a'], properties: { id: TEXT, a: TEXT } },
        B: { required: ['id', 'b'], properties: { id: TEXT, b: NUMBER_OR_NULL } },
        C: { required: ['c'], properties: { c: TEXT } },
        BalanceDto: {
          required: ['held', 'status', 'parts'],
          properties: {
            held: { ...NUMBER_OR_NULL, description: '**ours**: reserved amount' },
            status: { type: 'string', enum: ['pending', 'failed'] },
            parts: { type: 'array', items: { type: 'string', enum: ['x', 'y'] } },
            terms: { anyOf: [refTo('C'), { type: 'null' }] },
            cancel: { allOf: [refTo('CancelDto')] },
          },
        },
        WithdrawalStatusDto: {
          required: ['status'],
          properties: { status: { type: 'string', enum: ['pending', 'failed'] } },
        },
      },
    },
  });

  it('have the fields of the document, with optional and null ones', () =>
    expect(text).toContain(`export interface Balance {
  /** Reserved amount. */
  readonly held: number | null;
  readonly status: WithdrawalStatus;
  readonly parts: readonly ('x' | 'y')[];
  readonly terms?: { readonly c: string; } | null;
  readonly cancel?: CancelWish;
}`));

  it('have a query without headers and without null, and any cursor', () =>
    expect(text).toContain(`export interface AssetFilter {
  /** Default 50. */
  readonly limit?: number;
  readonly cursor?: string | number;
  readonly status?: WithdrawalStatus;
}`));

  it('have one type for the data of all events of a withdrawal', () => {
    expect(text).toContain(`export interface WithdrawalEventFields {
  readonly id: string;
  readonly a?: string;
  readonly b?: number | null;
}`);
    expect(text).toContain(`WITHDRAWAL_EVENTS: readonly string[] = [
  'withdrawal.a',
  'withdrawal.b',
];`);
  });
});
