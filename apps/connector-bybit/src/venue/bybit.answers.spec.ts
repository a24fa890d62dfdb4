import { readFileSync } from 'node:fs';
import type { VenueAnswer } from '@sluice/connector-engine';
import * as fc from 'fast-check';
import { cancelOutcome, CODES, submitOutcome } from './bybit.answers.js';

function answer(status: number, json: unknown, headers: Record<string, string> = {}): VenueAnswer {
  return { kind: 'answer', status, headers, text: JSON.stringify(json) ?? '', json };
}

const said = (retCode: unknown, result: unknown = {}, retMsg = 'm'): VenueAnswer =>
  answer(200, { retCode, retMsg, result });
const broken = (status: number | null): VenueAnswer => ({
  kind: 'broken',
  cause: 'html',
  status,
  text: '<html>',
});
const kindOf = (given: VenueAnswer): string => submitOutcome(given).kind;
const numbers = (list: string): number[] => list.split(/\s+/).map(Number);

// Every code of MAPPING.md, "Errors of a create": no money moved · the same, with an alert about our account · again later · ambiguous.
const DOCUMENTED = {
  refused: numbers(
    `10001 131002 131066 131080 131081 131083 131085 131086 131087 131088 131093 131094 131095 131096 131097 131098 131228
    131067 131068 131069 131070 131071 131072 131073 131074 131075 131076 131077 131078 131079 131203 131204 131207 131210
    131212 131215 131226 131229 90034 131202 131205 131206 131208 131209 131211 131213 131214 131216 131217`,
  ),
  halt: numbers(
    `10003 33004 -2015 10004 10005 10007 10008 10009 10010 10024 10027 10028 10017
    131004 131065 131089 131090 131091 131092`,
  ),
  again: [10002, 10006, 131084],
  unknown: numbers('10000 10014 10016 429 131001 131003 131082 131099 131200 131201 131230'),
};

describe('the answer to a create', () => {
  it('every documented code has its meaning, and no other code has one', () => {
    expect(Object.keys(CODES).sort()).toEqual(Object.values(DOCUMENTED).flat().map(String).sort());
    for (const code of DOCUMENTED.refused)
      expect(submitOutcome(said(code))).toMatchObject({ kind: 'refused', venueCode: String(code) });
    for (const code of DOCUMENTED.halt)
      expect(submitOutcome(said(code))).toMatchObject({ kind: 'not_sent', throttle: 'halt' });
    for (const code of DOCUMENTED.again) expect(kindOf(said(code))).toBe('not_sent');
    for (const code of DOCUMENTED.unknown) expect(kindOf(said(code))).toBe('unknown');
  });

  it('a refusal is ambiguous where its code is of an account or a judgement of somebody else', () => {
    const basisOf = (code: number, text?: string) => {
      const outcome = submitOutcome(said(code, {}, text));
      return outcome.kind === 'refused' ? outcome.basis : null;
    };
    const ambiguous = DOCUMENTED.refused.filter((code) => basisOf(code) === 'ambiguous');

    expect(ambiguous.slice(0, 6)).toEqual([131067, 131069, 131204, 131207, 131226, 131229]);
    expect(ambiguous.slice(6)).toEqual(DOCUMENTED.refused.slice(-11));
    expect(basisOf(131212)).toBe('validation');
    expect(basisOf(131001, 'Insufficient balance')).toBe('validation');
    expect(basisOf(131001, 'withdraw address is invalid')).toBe('ambiguous');
  });

  it('an undocumented code of a refusal is an ambiguous refusal, and needs no more than its envelope', () =>
    fc.assert(
      fc.property(
        fc.integer().filter((code) => code !== 0 && !Object.hasOwn(CODES, String(code))),
        fc.constantFrom(200, 400, 409, 422),
        (retCode, status) =>
          expect(submitOutcome(answer(status, { retCode, retMsg: 'm', result: {} }))).toMatchObject(
            {
              kind: 'refused',
              basis: 'ambiguous',
              reason: 'unlisted_code',
            },
          ),
      ),
    ));

  it('an undocumented code is unknown with an id, with the text of a success, with a server fault, or as another type', () => {
    expect(kindOf(said(777, { id: '1' }))).toBe('unknown');
    expect(kindOf(said(777, {}, 'success'))).toBe('unknown');
    expect(kindOf(answer(503, { retCode: 777, retMsg: 'm' }))).toBe('unknown');
    for (const code of ['777', null, 7.5]) expect(kindOf(said(code))).toBe('unknown');
    expect(kindOf(said(131212, { id: '1' }))).toBe('unknown');
  });

  it('a code as text is not the documented code', () =>
    expect(kindOf(said('131002'))).toBe('unknown'));

  it('a server fault is unknown even with a definite code', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(CODES)),
        fc.constantFrom(500, 502, 503, 504, 301, 302),
        (code, status) =>
          expect(
            kindOf(answer(status, { retCode: Number(code), retMsg: 'Insufficient balance' })),
          ).toBe('unknown'),
      ),
    ));

  it.each([
    ['Insufficient balance', 'refused', 'insufficient_venue_funds'],
    ['openapi svc param err', 'refused', 'invalid_request'],
    ['openapi svc error', 'unknown', undefined],
    ['openapi svc error: balance query timed out', 'unknown', undefined],
    ['failed to read parameters', 'unknown', undefined],
    ['load balancer', 'unknown', undefined],
    ['blockchain node is behind', 'unknown', undefined],
  ])('131001 is classified by its text: %s', (text, kind, reason) => {
    expect(submitOutcome(said(131001, {}, text))).toMatchObject({
      kind,
      ...(reason && { reason }),
    });
  });

  it('131002 about the time is a fault of our clock, not of the withdrawal', () => {
    expect(kindOf(said(131002, {}, 'params err: timestamp out of invalid window'))).toBe(
      'not_sent',
    );
    expect(
      kindOf(said(131002, {}, 'Withdraw address chain or destination tag are not equal')),
    ).toBe('refused');
  });

  it('another venue may pay a recipient that the address book lacks, and a coin or chain that Bybit has closed', () => {
    const notEqual = 'Withdraw address chain or destination tag are not equal';
    expect(submitOutcome(said(131002, {}, notEqual))).toMatchObject({
      basis: 'validation',
      reason: 'address_not_in_book',
    });
    expect(submitOutcome(said(131002, {}, 'withdraw address is invalid'))).toMatchObject({
      reason: 'invalid_destination',
    });
    expect(submitOutcome(said(131203))).toMatchObject({ reason: 'address_not_in_book' });
    expect(submitOutcome(said(90034))).toMatchObject({
      basis: 'ambiguous',
      reason: 'withdrawals_closed',
      closes: 'asset',
    });
  });

  it('Bybit’s own statuses decide: a refused key, a wrong path, too many requests', () => {
    for (const given of [answer(401, undefined), answer(404, { retCode: 1 })])
      expect(submitOutcome(given)).toMatchObject({ kind: 'not_sent', throttle: 'halt' });
    expect(submitOutcome(answer(429, { retCode: 1 }))).toMatchObject({
      kind: 'not_sent',
      throttle: 'slow_down',
    });
    for (const status of [400, 401, 403, 404, 429]) expect(kindOf(broken(status))).toBe('unknown');
  });

  it('Bybit’s own block of our IP address is known by its text or envelope', () => {
    const text = '403, access too frequent';
    const blocked = { kind: 'not_sent', throttle: 'pause', retryAfterMs: 610_000 };
    expect(submitOutcome({ kind: 'broken', cause: 'text', status: 403, text })).toMatchObject(
      blocked,
    );
    expect(submitOutcome(answer(403, { retCode: 10018, retMsg: 'ip' }))).toMatchObject(blocked);
  });

  it('too fast: retried at the time given by the venue, within bounds', () => {
    const DATE = 'Fri, 20 Nov 2026 12:00:00 GMT';
    const limited = (headers: Record<string, string>): VenueAnswer =>
      answer(200, { retCode: 10006, retMsg: 'Too many visits!' }, { date: DATE, ...headers });
    const pause = (headers: Record<string, string>): number => {
      const outcome = submitOutcome(limited(headers));
      return outcome.kind === 'not_sent' ? outcome.retryAfterMs : -1;
    };

    expect(pause({})).toBe(1_000);
    expect(
      pause({ 'x-bapi-limit-reset-timestamp': String(Date.parse(DATE) + 20_000) }),
    ).toBeGreaterThan(15_000);
    expect(pause({ 'x-bapi-limit-reset-timestamp': String(Date.parse(DATE) + 86_400_000) })).toBe(
      60_000,
    );
    expect(pause({ 'retry-after': '7' })).toBe(7_000);
  });

  it('the recorded success is accepted by its id; a success without one is unknown', () => {
    const recorded = JSON.parse(
      readFileSync(new URL('./fixtures/create.json', import.meta.url), 'utf8'),
    ) as object;

    expect(submitOutcome(answer(200, recorded))).toMatchObject({
      kind: 'accepted',
      venueReference: '10195',
    });
    for (const result of [{}, { id: '' }, { id: null }, { id: 10195 }, null, 0, []])
      expect(kindOf(said(0, result))).toBe('unknown');
    expect(kindOf(answer(200, []))).toBe('unknown');
  });

  it('a restriction of the account refuses this withdrawal and calls a person', () => {
    expect(submitOutcome(said(131226))).toMatchObject({
      kind: 'refused',
      alarm: expect.any(String) as string,
    });
  });

  it('keeps our key out of the evidence', () => {
    const outcome = submitOutcome(
      said(10004, {}, 'error sign! origin_string[1795149759084OurKey5000{}]'),
    );

    expect(outcome.evidence.body).toContain('origin_string[***]');
    expect(outcome.evidence.body).not.toContain('OurKey');
  });
});

describe('the answer to a cancel', () => {
  it('is a cancel only with status 1: a success with 0 is a no', () => {
    expect(cancelOutcome(said(0, { status: 1 }))).toEqual({ kind: 'requested' });
    expect(cancelOutcome(said(0, { status: 0 })).kind).toBe('refused');
  });

  it('refuses what there is not, or what is already being sent; everything else is asked again', () => {
    for (const code of [131099, 131002, 10001])
      expect(cancelOutcome(said(code)).kind).toBe('refused');
    const others = [
      said(0),
      said(0, { status: '1' }),
      said(0, { status: 2 }),
      said(10006),
      said(10005),
      said(1),
      answer(500, { result: { status: 1 } }),
      broken(200),
    ];
    for (const other of others) expect(cancelOutcome(other).kind).toBe('unknown');
  });
});
