import { keyState } from './key-state.js';

describe('the state of a key', () => {
  it('is revoked whatever its expiry', () =>
    expect(keyState({ revoked_at: '2026-11-20T08:00:00Z', expires_at: null }).text).toBe(
      'revoked',
    ));

  it('names an expiry', () => {
    expect(keyState({ revoked_at: null, expires_at: null }).text).toBe('valid');
    expect(keyState({ revoked_at: null, expires_at: '2026-12-20T08:00:00Z' }).text).toBe(
      'valid until its expiry',
    );
  });
});
