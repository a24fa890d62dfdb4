import type { FormCapabilities } from './capabilities.js';
import { nextAttempt } from './next-attempt.js';

const form: FormCapabilities = {
  form: 'chain',
  destination: 'address',
  accountKinds: [],
  assets: [],
  recovery: 'search',
  absence: { emptyLookups: 3, afterMs: 1 },
  honoured: { forMs: 0, source: 'a venue that forgets at once' },
  maxResends: 2,
  cancellable: true,
  submitEndpoint: 'POST /pay',
};
const nobody = { cancelled: false, expired: false };
const absent = { kind: 'absent', provenBy: 'lookups', resends: 0 } as const;

describe('nextAttempt', () => {
  it('sends again what was proven not sent', () => {
    expect(nextAttempt({ ...form, recovery: 'none' }, { kind: 'not_sent' }, nobody)).toEqual({
      kind: 'again',
    });
  });

  it('sends again after proven absence only where our key can be searched, and not for ever', () => {
    expect(nextAttempt(form, absent, nobody)).toEqual({ kind: 'again' });
    expect(nextAttempt(form, { ...absent, resends: 2 }, nobody)).toEqual({
      kind: 'refuse',
      reason: 'proven_absent',
    });
    for (const recovery of ['none', 'dedupe'] as const)
      expect(nextAttempt({ ...form, recovery }, absent, nobody)).toEqual({
        kind: 'refuse',
        reason: 'proven_absent',
      });
  });

  it('sends again what another party answered, at every venue, unless a person decided', () => {
    const foreign = { ...absent, resends: 9, isForeign: true };
    const keyless = { ...form, recovery: 'none' } as const;
    expect(nextAttempt(keyless, foreign, nobody)).toEqual({ kind: 'again' });
    expect(nextAttempt(keyless, { ...foreign, provenBy: 'decision' }, nobody).kind).toBe('refuse');
    expect(nextAttempt(keyless, foreign, { cancelled: false, expired: true })).toEqual({
      kind: 'refuse',
      reason: 'expired',
    });
  });

  it('does not send again by itself what a person declared absent', () => {
    expect(nextAttempt(form, { ...absent, provenBy: 'decision' }, nobody)).toEqual({
      kind: 'refuse',
      reason: 'proven_absent',
    });
  });

  it('lets a cancel or a deadline end what has not been sent', () => {
    expect(nextAttempt(form, absent, { cancelled: true, expired: true })).toEqual({
      kind: 'refuse',
      reason: 'cancelled',
    });
    expect(nextAttempt(form, { kind: 'not_sent' }, { cancelled: false, expired: true })).toEqual({
      kind: 'refuse',
      reason: 'expired',
    });
  });
});
