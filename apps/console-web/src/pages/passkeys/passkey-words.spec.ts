import type { PasskeyDto } from '@sluice/http-api';
import { passkeyState, passkeyWords, sortedPasskeys } from './passkey-words.js';

const NOW = Date.parse('2026-11-30T12:00:00.000Z');

function passkey(more: Partial<PasskeyDto>): PasskeyDto {
  return {
    credential_id: 'k',
    person: 'peter',
    added_at: '2026-11-29T12:00:00.000Z',
    usable_at: '2026-11-30T12:00:00.000Z',
    approved_by: 'olivia',
    revoked_at: null,
    ...more,
  };
}

describe('a passkey', () => {
  it('counts from its time on, until it is revoked', () => {
    expect(passkeyState(passkey({}), NOW)).toBe('usable');
    expect(passkeyState(passkey({}), NOW - 1)).toBe('waiting');
    expect(passkeyState(passkey({ revoked_at: '2026-11-30T11:00:00.000Z' }), NOW)).toBe('revoked');
  });

  it('says how long it waits', () => {
    expect(passkeyWords(passkey({}), NOW - 3 * 3_600_000)).toMatch(/^Counts in 3 h/);
    expect(passkeyWords(passkey({}), NOW)).toBe('Counts now.');
  });

  it('of the person comes first, the newest before older ones', () =>
    expect(
      sortedPasskeys(
        [
          passkey({ credential_id: 'other', person: 'ada', added_at: '2026-11-30T00:00:00.000Z' }),
          passkey({ credential_id: 'old', added_at: '2026-11-01T00:00:00.000Z' }),
          passkey({ credential_id: 'new' }),
        ],
        ({ person }) => person === 'peter',
      ).map(({ credential_id: id }) => id),
    ).toEqual(['new', 'old', 'other']));
});
