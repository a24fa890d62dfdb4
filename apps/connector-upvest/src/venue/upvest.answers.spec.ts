import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { cancelOutcome, problemNameOf, PROBLEMS, submitOutcome } from './upvest.answers.js';
import type { UpvestAnswer } from './upvest.client.js';

function answer(status: number, json: unknown): UpvestAnswer {
  return { kind: 'answer', status, headers: {}, text: JSON.stringify(json), json };
}

const problem = (status: number, name: string): UpvestAnswer =>
  answer(status, { type: `https://docs.upvest.co/errors/${name}`, status });
const broken: UpvestAnswer = { kind: 'broken', cause: 'ECONNRESET', status: null, text: '' };

describe('the answer to a submit', () => {
  it.each([
    ['400 invalid_request', 'refused'],
    ['400 bad_request', 'refused'],
    ['400 missing_idempotency_key', 'refused'],
    ['400 missing_client_id', 'not_sent'],
    ['403 forbidden', 'not_sent'],
    ['404 not_found', 'refused'],
    ['406 not_acceptable', 'refused'],
    ['409 conflict', 'unknown'],
    ['422 unprocessable_entity', 'refused'],
    ['429 too_many_requests', 'not_sent'],
    ['500 internal', 'unknown'],
    ['502 bad_gateway', 'unknown'],
    ['503 unavailable', 'unknown'],
    ['504 gateway_timeout', 'unknown'],
  ])('%s is %s', (pair, kind) => {
    const [status = '', name = ''] = pair.split(' ');

    expect(Object.keys(PROBLEMS)).toContain(pair);
    expect(submitOutcome(problem(Number(status), name)).kind).toBe(kind);
  });

  it('has no more documented errors than these', () => {
    expect(Object.keys(PROBLEMS)).toHaveLength(14);
  });

  it('each refusal is a fault of the request, as its page describes it', () => {
    for (const pair of Object.keys(PROBLEMS)) {
      const [status = '', name = ''] = pair.split(' ');
      const outcome = submitOutcome(problem(Number(status), name));
      if (outcome.kind === 'refused') expect([pair, outcome.basis]).toEqual([pair, 'validation']);
    }
  });

  it('any other problem is an ambiguous refusal with a status 4xx, and otherwise unknown', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 599 }),
        fc.stringMatching(/^[a-z][a-z_]{0,19}$/),
        (status, name) => {
          fc.pre(status !== 429 && !Object.hasOwn(PROBLEMS, `${status} ${name}`));

          expect(submitOutcome(problem(status, name))).toMatchObject(
            status >= 400 && status < 500
              ? { kind: 'refused', basis: 'ambiguous', reason: 'unlisted_code', venueCode: name }
              : { kind: 'unknown' },
          );
        },
      ),
    ));

  it('without a problem document is unknown, but for 429, which is written in front of the service', () => {
    for (const status of [400, 404, 422, 500])
      expect(submitOutcome(answer(status, {})).kind).toBe('unknown');
    expect(submitOutcome(answer(429, {}))).toMatchObject({
      kind: 'not_sent',
      throttle: 'slow_down',
    });
  });

  it('is a refusal with the reason that was given', () => {
    const recorded: unknown = JSON.parse(
      readFileSync(new URL('./fixtures/problem.json', import.meta.url), 'utf8'),
    );

    expect(submitOutcome(answer(400, recorded))).toMatchObject({
      kind: 'refused',
      venueCode: 'invalid_request',
      message: 'amount is malformed',
    });
  });

  it('is accepted by its id; a success without one is unknown', () => {
    expect(submitOutcome(answer(200, { id: 'ABC' }))).toMatchObject({
      kind: 'accepted',
      venueReference: 'abc',
    });
    for (const body of [{}, [], null, { id: '' }, { id: 7 }, 'ok'])
      expect(submitOutcome(answer(200, body)).kind).toBe('unknown');
  });

  it('without access is not sent, and halts only where a new token will not help', () => {
    const noAccess = {
      kind: 'no_access',
      cause: 'x',
      retryAfterMs: 50,
      status: 401,
      text: '',
    } as const;

    expect(submitOutcome({ ...noAccess, throttle: null })).toEqual({
      kind: 'not_sent',
      retryAfterMs: 50,
      cause: 'x',
      evidence: { status: 401, body: '' },
    });
    expect(submitOutcome({ ...noAccess, throttle: 'halt' })).toMatchObject({
      kind: 'not_sent',
      throttle: 'halt',
    });
  });
});

describe('the answer to a cancel', () => {
  it('was accepted, was refused, or is asked again', () => {
    expect(
      cancelOutcome({ kind: 'answer', status: 204, headers: {}, text: '', json: undefined }),
    ).toEqual({ kind: 'requested' });
    expect(cancelOutcome(answer(200, {}))).toEqual({ kind: 'requested' });
    expect(cancelOutcome(problem(409, 'conflict')).kind).toBe('refused');
    expect(cancelOutcome(problem(404, 'not_found')).kind).toBe('refused');
    for (const other of [
      problem(403, 'forbidden'),
      problem(500, 'internal'),
      answer(409, {}),
      broken,
    ])
      expect(cancelOutcome(other).kind).toBe('unknown');
  });
});

describe('the name of a problem', () => {
  it.each([
    ['https://docs.upvest.co/errors/conflict', 'conflict'],
    ['https://docs.upvest.co/api_errors/conflict/', 'conflict'],
    ['conflict', 'conflict'],
    ['', null],
    [7, null],
  ])('in %j is %j', (type, name) => {
    expect(problemNameOf({ type })).toBe(name);
  });

  it('is found in linear time in a text of any length', () => {
    const type = `${'a'.repeat(100_000)}!`;
    const startedAt = performance.now();
    expect(problemNameOf({ type })).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
