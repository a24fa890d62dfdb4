import { acceptedOutcome, outcomeOfCode } from './code-meaning.js';

const EVIDENCE = { status: 400, body: '{"code":7}' };
const ANSWER = { venueCode: '7', message: 'no', cause: 'status 400, code 7', evidence: EVIDENCE };

describe('outcomeOfCode', () => {
  it('reports a refusal with our reason and the words of the venue', () => {
    const outcome = outcomeOfCode(
      { kind: 'refused', basis: 'ambiguous', reason: 'limit', closes: 'asset' },
      ANSWER,
    );

    expect(outcome).toEqual({
      kind: 'refused',
      basis: 'ambiguous',
      reason: 'limit',
      closes: 'asset',
      venueCode: '7',
      message: 'no',
      evidence: EVIDENCE,
    });
  });

  it('reports a request that the venue did not process with the pause and the cause', () => {
    expect(
      outcomeOfCode({ kind: 'not_sent', retryAfterMs: 2_000, throttle: 'slow_down' }, ANSWER),
    ).toEqual({
      kind: 'not_sent',
      retryAfterMs: 2_000,
      throttle: 'slow_down',
      cause: ANSWER.cause,
      evidence: EVIDENCE,
    });
  });

  it('leaves every other code unknown', () => {
    expect(outcomeOfCode({ kind: 'unknown' }, ANSWER)).toEqual({
      kind: 'unknown',
      cause: ANSWER.cause,
      evidence: EVIDENCE,
    });
  });
});

describe('acceptedOutcome', () => {
  it('takes ids of up to 128 characters', () => {
    const id = 'a'.repeat(128);

    expect(acceptedOutcome(id, EVIDENCE)).toEqual({
      kind: 'accepted',
      venueReference: id,
      evidence: EVIDENCE,
    });
  });

  it.each(['', 'a'.repeat(129)])('is unknown without a usable id: %j', (id) => {
    expect(acceptedOutcome(id, EVIDENCE, 'no id')).toEqual({
      kind: 'unknown',
      cause: 'no id',
      evidence: EVIDENCE,
    });
  });
});
