import { repeatOutcome } from './repeat-outcome.js';
import type { SubmitOutcome } from './venue-adapter.js';

const evidence = { status: 422, body: '{}' };

describe('the answer to a repeated request', () => {
  it.each<SubmitOutcome>([
    {
      kind: 'refused',
      basis: 'validation',
      reason: 'limit',
      venueCode: 'x',
      message: 'no',
      evidence,
    },
    { kind: 'not_sent', retryAfterMs: 1, cause: 'no connection', evidence },
    { kind: 'unknown', cause: 'time-out', evidence },
  ])('proves nothing about the first one when it is %j', (outcome) => {
    expect(repeatOutcome(outcome)).toMatchObject({ kind: 'unknown', evidence });
  });

  it('is the answer to the first one when it is accepted', () => {
    const accepted: SubmitOutcome = { kind: 'accepted', venueReference: 'v1', evidence };

    expect(repeatOutcome(accepted)).toBe(accepted);
  });
});
