import fc from 'fast-check';
import { isUtcTime } from './is-utc-time.js';

describe('isUtcTime', () => {
  it('takes every moment as it is written', () =>
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('0001-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59Z'),
          noInvalidDate: true,
        }),
        (date) => {
          expect(isUtcTime(date.toISOString())).toBe(true);
        },
      ),
    ));

  it.each(['2026-11-20T08:00:00Z', '2028-02-29T23:59:59.123456Z'])('takes %s', (text) =>
    expect(isUtcTime(text)).toBe(true),
  );

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-11-00T00:00:00Z',
    '2026-11-20T24:00:00Z',
    '2026-11-20T24:00:00.000Z',
    '2026-11-20T23:60:00Z',
    '2026-11-20T23:59:60Z',
    '0000-01-01T00:00:00Z',
    '2026-11-20T08:00:00+00:00',
    '2026-11-20T08:00Z',
    '2026-11-20 08:00:00Z',
    '2026-11-20',
    'now',
    '',
  ])('does not take %s', (text) => expect(isUtcTime(text)).toBe(false));
});
