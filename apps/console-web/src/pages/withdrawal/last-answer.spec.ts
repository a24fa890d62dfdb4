import { lastAnswer } from './last-answer.js';

const AT = '2026-11-30T14:00:00Z';

describe('the last answer of a receiver', () => {
  it.each([
    ['its status', AT, 500, null, 'status 500'],
    ['missing, with the cause', AT, null, 'timeout', 'no answer (timeout)'],
    ['not there before the first attempt', null, null, null, 'not attempted yet'],
  ])('is %s', (_what, at, status, error, text) =>
    expect(lastAnswer({ last_attempt_at: at, last_http_status: status, last_error: error })).toBe(
      text,
    ),
  );
});
