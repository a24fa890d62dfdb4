import { CallError, failureOf } from '../api/call-error.js';
import { outcomeOfAnswer, outcomeOfError, withoutSecrets } from './outcome.js';

function refusal(status: number, code: string | null = null): CallError {
  return new CallError('ledger', failureOf(status), `status ${status}`, status, code);
}

describe('an answer', () => {
  it('makes the action done', () =>
    expect(outcomeOfAnswer({ id: '7' })).toEqual({
      kind: 'done',
      answer: { id: '7' },
      secrets: [],
    }));

  it('asks for a second person', () =>
    expect(
      outcomeOfAnswer({ approval_id: '3', awaits: 'a second person', expires_at: 'later' }),
    ).toEqual({
      kind: 'awaited',
      approvalId: '3',
      awaits: 'a second person',
      expiresAt: 'later',
      because: null,
    }));

  it('has secrets, which the rest of the page does not get', () => {
    const answer = {
      id: '4',
      result: { key_id: 'k', secret: 'abc', previous_secret_until: 'later' },
      secret_name: 'x',
    };

    expect(outcomeOfAnswer(answer)).toMatchObject({
      secrets: [{ name: 'secret', value: 'abc' }],
    });
    expect(withoutSecrets(answer)).toEqual({
      id: '4',
      result: { key_id: 'k', previous_secret_until: 'later' },
      secret_name: 'x',
    });
  });
});

describe('an error', () => {
  it.each([400, 401, 403, 404, 409, 422])('with status %i is a refusal', (status) =>
    expect(outcomeOfError(refusal(status))).toEqual({
      kind: 'refused',
      status,
      message: `status ${status}`,
    }),
  );

  it.each([500, 502, 503, 504])('with status %i leaves the effect unknown', (status) =>
    expect(outcomeOfError(refusal(status)).kind).toBe('unknown'),
  );

  it('of a lost answer, and of no known kind, leaves the effect unknown', () => {
    const lost = new CallError('ledger', 'no_answer', 'the console did not answer');

    expect(outcomeOfError(lost).kind).toBe('unknown');
    expect(outcomeOfError(new TypeError('x')).kind).toBe('unknown');
  });

  it('asks for the passkey only by its code', () => {
    expect(outcomeOfError(refusal(403, 'passkey_required')).kind).toBe('passkey');
    expect(outcomeOfError(refusal(403, 'other')).kind).toBe('refused');
  });
});
