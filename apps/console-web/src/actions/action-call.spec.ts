import { callOf } from './action-call.js';

describe('the call of an action', () => {
  it('has the parts of the path, each escaped, and the exact body', () =>
    expect(
      callOf(
        {
          service: 'ledger',
          call: [
            'POST /internal/accounts/:account_id/freezes/:freeze_id/lift',
            'one',
            'administer operate',
          ],
          path: { account_id: 'a/b', freeze_id: '7' },
        },
        '{"a":1.0}',
      ),
    ).toEqual({
      service: 'ledger',
      method: 'POST',
      path: '/internal/accounts/a%2Fb/freezes/7/lift',
      body: '{"a":1.0}',
      shape: 'one',
      roles: ['administer', 'operate'],
    }));

  it('has its query, without missing values', () =>
    expect(
      callOf(
        {
          service: 'webhooks',
          call: ['DELETE /internal/webhooks/:id?', 'one', 'any'],
          path: { id: 'w' },
          query: { account_id: 'a b', other: undefined },
        },
        null,
      ),
    ).toMatchObject({ path: '/internal/webhooks/w?account_id=a+b', body: null, roles: [] }));

  it('is not made with a hole in its path', () =>
    expect(() =>
      callOf({ service: 'x', call: ['POST /internal/halts/:id/lift', 'one', 'any'] }, null),
    ).toThrow('the path of POST /internal/halts/:id/lift has no id'));
});
