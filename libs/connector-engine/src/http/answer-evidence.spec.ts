import type { VenueAnswer } from './venue-http.js';
import { evidenceOf, outcomeOfAnswer } from './answer-evidence.js';

const outcomeOf = (answer: VenueAnswer) =>
  outcomeOfAnswer(answer, (_own, evidence) => ({
    kind: 'accepted',
    venueReference: 'v1',
    evidence,
  }));
const foreign = (status: number) =>
  outcomeOf({ kind: 'foreign', cause: 'a page', status, text: '<html>', retryAfterMs: 7_000 });

describe('the outcome of a submit', () => {
  it('is what the venue itself has answered, with the status and the start of the body', () => {
    const text = 'a'.repeat(3_000);
    const evidence = { status: 200, body: 'a'.repeat(2_048) };

    expect(evidenceOf({ status: 200, text })).toEqual(evidence);
    expect(outcomeOf({ kind: 'answer', status: 200, headers: {}, text, json: {} })).toEqual({
      kind: 'accepted',
      venueReference: 'v1',
      evidence,
    });
  });

  it('is not sent without a connection, and the order is sent again after a second', () => {
    expect(outcomeOf({ kind: 'not_sent', cause: 'no connection: ECONNREFUSED' })).toEqual({
      kind: 'not_sent',
      retryAfterMs: 1_000,
      cause: 'no connection: ECONNREFUSED',
      throttle: 'pause',
      evidence: { status: null, body: '' },
    });
  });

  it('is unknown after a broken connection', () =>
    expect(outcomeOf({ kind: 'broken', cause: 'ECONNRESET', status: null, text: '' }).kind).toBe(
      'unknown',
    ));

  it('is no refusal by another party: only a rate limit in front proves that nothing was sent', () => {
    for (const status of [400, 401, 403, 404, 418, 503])
      expect(foreign(status)).toMatchObject({ kind: 'unknown', isForeign: true });
    for (const status of [200, 302, 500, 502, 504])
      expect(foreign(status)).not.toHaveProperty('isForeign');
    expect(foreign(429)).toMatchObject({ kind: 'not_sent', retryAfterMs: 7_000 });
  });
});
