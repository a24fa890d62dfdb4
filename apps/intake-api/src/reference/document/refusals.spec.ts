import type { OpenApiOperation, OpenApiSchema } from './open-api.js';
import { refusalsOf } from './refusals.js';

const ping: OpenApiOperation = {
  operationId: 'ping',
  summary: 'Check a signature',
  tags: ['ping'],
  parameters: [],
  responses: {},
  'x-permission': null,
};
const statusesOf = (operation: OpenApiOperation) => Object.keys(refusalsOf(operation));

describe('refusalsOf', () => {
  it('has credentials, limits and faults of ours for whatever is asked', () => {
    const always = ['400', '401', '403', '408', '429', '431', '500', '503'];
    expect(statusesOf({ ...ping, 'x-any-query': true })).toEqual(always);
    expect(new Set(statusesOf(ping))).toEqual(new Set([...always, '422']));
    expect(messagesOf(ping, 401)).toEqual([
      'Missing authentication headers',
      'Request timestamp is outside the allowed window',
      'Invalid API key',
      'Invalid signature',
      'Request signature has already been used',
    ]);
    expect(messagesOf(ping, 403)).toEqual(['Source IP is not allowed for this API key']);
  });

  it('adds what follows from a permission, a path, a query and a body', () => {
    const schema: OpenApiSchema = { type: 'string' };
    expect(messagesOf({ ...ping, 'x-permission': 'withdraw' }, 403)).toContain(
      'API key does not have the required permission',
    );
    const ofPath: OpenApiOperation = { ...ping, parameters: [{ name: 'id', in: 'path', schema }] };
    expect(messagesOf(ofPath, 404)).toEqual(['Not found']);
    expect(statusesOf(ofPath)).toContain('422');
    const ofQuery: OpenApiOperation = { ...ping, parameters: [{ name: 'q', in: 'query', schema }] };
    expect(statusesOf(ofQuery)).toContain('422');
    expect(statusesOf(ofQuery)).not.toContain('404');
    expect(statusesOf({ ...ping, requestBody: { content: {} } })).toEqual(
      expect.arrayContaining(['413', '415', '422']),
    );
  });

  it('adds what the route names, as examples and not as a closed list', () => {
    const { 409: conflict } = refusalsOf({ ...ping, 'x-refusals': ['too_late_to_cancel'] });

    expect(messageOf(conflict)).toEqual({
      type: 'string',
      examples: ['Withdrawal can no longer be cancelled'],
    });
  });

  it('refuses a name that is no refusal', () => {
    expect(() => refusalsOf({ ...ping, 'x-refusals': ['constructor'] })).toThrow(
      'ping: constructor is not in PUBLIC_ERRORS',
    );
  });
});

function messagesOf(operation: OpenApiOperation, status: number): readonly unknown[] | undefined {
  return messageOf(refusalsOf(operation)[status])?.examples;
}

function messageOf(
  answer: OpenApiOperation['responses'][string] | undefined,
): OpenApiSchema | undefined {
  return answer?.content?.['application/json']?.schema.properties?.['message'];
}
