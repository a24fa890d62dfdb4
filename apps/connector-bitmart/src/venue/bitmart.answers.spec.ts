import { readFileSync } from 'node:fs';
import type { VenueAnswer } from '@sluice/connector-engine';
import * as fc from 'fast-check';
import { CODES, submitOutcome } from './bitmart.answers.js';

function answer(status: number, json: unknown, headers: Record<string, string> = {}): VenueAnswer {
  return { kind: 'answer', status, headers, text: JSON.stringify(json), json };
}

const coded = (code: number, status = 400): VenueAnswer =>
  answer(status, { code, message: 'm', trace: 'N/A', data: {} });
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));

const numbers = (list: string): number[] => list.split(/\s+/).map(Number);

// Every code of MAPPING.md, "Errors of a submit". Of those that refuse, the ones about our key, header or permission stop the queue instead of refusing customers.
const DOCUMENTED: Readonly<Record<string, readonly number[]>> = {
  halt: numbers('30001 30002 30003 30004 30005 30006 30008 30010 30011 30012 30017 30019'),
  again: [30007, 30013, 30016],
  unknown: [30014, 60050, 60051, 60052, 61004],
  refused: numbers(
    `30000 30018 60000 60001 60002 60003 60004 60005 60006 60007 60008 60009 60010 60011 60012 60013 60014 60015 60020
    60030 60031 60053 60055 60064 60065 60066 60067 61000 61001 61003`,
  ),
  alarming: numbers(
    `30030 30031 53000 53001 53002 53003 53005 53006 53007 53008 53009 53010 60021 60022 60026 60027 60028 60029 60054
    60056 60057 60058 60059 60060 60061 60062 60063 61005 61006 61007 61008`,
  ),
};

describe('the answer to a submit', () => {
  it('every documented code has its meaning, and no other code has one', () => {
    expect(Object.keys(CODES).map(Number)).toEqual(
      Object.values(DOCUMENTED)
        .flat()
        .sort((a, b) => a - b),
    );
    for (const code of DOCUMENTED['halt'] ?? [])
      expect(submitOutcome(coded(code))).toMatchObject({ kind: 'not_sent', throttle: 'halt' });
    for (const code of DOCUMENTED['again'] ?? [])
      expect(submitOutcome(coded(code)).kind).toBe('not_sent');
    for (const code of DOCUMENTED['unknown'] ?? [])
      expect(submitOutcome(coded(code)).kind).toBe('unknown');
    for (const code of DOCUMENTED['refused'] ?? []) {
      const outcome = submitOutcome(coded(code));
      expect(outcome).toMatchObject({ kind: 'refused', venueCode: String(code), message: 'm' });
      expect(outcome).not.toHaveProperty('alarm');
    }
    for (const code of DOCUMENTED['alarming'] ?? [])
      expect(submitOutcome(coded(code))).toMatchObject({
        kind: 'refused',
        alarm: expect.any(String) as string,
      });
  });

  it('a refusal is ambiguous where its code is of another call or hardly described, or comes with a server fault', () => {
    const basisOf = (code: number, status = 400) => {
      const outcome = submitOutcome(coded(code, status));
      return outcome.kind === 'refused' ? outcome.basis : null;
    };
    const ambiguous = Object.keys(CODES)
      .map(Number)
      .filter((code) => basisOf(code) === 'ambiguous');

    expect(ambiguous).toEqual(
      numbers(
        `60003 60010 60020 60057 60058 60059 60060 60061 60062 60063 60066 60067
        61000 61001 61003 61005 61006 61007 61008`,
      ),
    );
    expect([basisOf(60008), basisOf(60008, 500)]).toEqual(['validation', 'ambiguous']);
  });

  it('is known by its code, whatever the status: 200 alone means nothing, and 503 alone neither', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(CODES).map(Number)),
        fc.integer({ min: 200, max: 599 }),
        (code, status) =>
          expect(submitOutcome(coded(code, status)).kind).toBe(submitOutcome(coded(code)).kind),
      ),
    ));

  it('an undocumented code of a refusal is an ambiguous refusal; a server fault, an id or the text of a success make it unknown', () =>
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 99_999 })
          .filter((code) => !Object.hasOwn(CODES, code) && code !== 1000),
        fc.constantFrom(200, 400, 403, 418),
        (code, status) => {
          const body = { code, message: 'm', data: {} };
          expect(submitOutcome(answer(status, body))).toMatchObject({
            kind: 'refused',
            basis: 'ambiguous',
            reason: 'unlisted_code',
          });
          for (const [other, change] of [
            [503, {}],
            [302, {}],
            [status, { data: { withdraw_id: '1' } }],
            [status, { message: 'OK' }],
          ] as const)
            expect(submitOutcome(answer(other, { ...body, ...change })).kind).toBe('unknown');
        },
      ),
    ));

  it('another venue may pay an address that is not in the book, and a currency that is closed', () => {
    expect(submitOutcome(coded(60007))).toMatchObject({ reason: 'address_not_in_book' });
    expect(submitOutcome(coded(60015))).toMatchObject({ reason: 'address_not_usable_yet' });
    expect(submitOutcome(coded(60004))).toMatchObject({
      reason: 'withdrawals_closed',
      closes: 'asset',
    });
  });

  it('an answer without a code is unknown, also with 403, 418, 429 and 503: who wrote it is not known', () => {
    for (const status of [200, 302, 400, 403, 418, 429, 502, 503])
      for (const body of [{}, [], null, 'ok', { code: '30005' }, { message: 'no' }])
        expect(submitOutcome(answer(status, body)).kind).toBe('unknown');
  });

  it('a success is accepted by its id, and only with status 200, code 1000 and an id', () => {
    const recorded = fixture('withdraw-apply');

    expect(submitOutcome(answer(200, recorded))).toMatchObject({
      kind: 'accepted',
      venueReference: '121212',
    });
    expect(submitOutcome(answer(500, recorded)).kind).toBe('unknown');
    for (const data of [
      {},
      null,
      { withdraw_id: '' },
      { withdraw_id: null },
      { withdraw_id: 'x'.repeat(129) },
    ])
      expect(submitOutcome(answer(200, { code: 1000, message: 'OK', data })).kind).toBe('unknown');
  });

  it('a wrong signature stops the queue, with the observed response of the venue', () => {
    expect(submitOutcome(answer(401, fixture('wrong-signature')))).toMatchObject({
      kind: 'not_sent',
      throttle: 'halt',
    });
  });

  it('too fast: pauses for the window that the header names, within reason', () => {
    const pause = (reset: string): unknown => {
      const outcome = submitOutcome(
        answer(429, { code: 30013 }, { 'x-bm-ratelimit-reset': reset }),
      );
      return outcome.kind === 'not_sent' ? outcome.retryAfterMs : null;
    };

    expect(['5', '0', '86400', 'soon'].map(pause)).toEqual([5_000, 2_000, 60_000, 2_000]);
  });
});
