import { evidenceOf, notConnected } from './answer-evidence.js';

describe('the record of an answer', () => {
  it('is the status and the start of the body', () => {
    expect(evidenceOf({ status: 500, text: 'a'.repeat(3_000) })).toEqual({
      status: 500,
      body: 'a'.repeat(2_048),
    });
  });

  it('is empty without a connection, and the order is sent again after a second', () => {
    expect(notConnected({ cause: 'no connection: ECONNREFUSED' })).toEqual({
      kind: 'not_sent',
      retryAfterMs: 1_000,
      cause: 'no connection: ECONNREFUSED',
      throttle: 'pause',
      evidence: { status: null, body: '' },
    });
  });
});
