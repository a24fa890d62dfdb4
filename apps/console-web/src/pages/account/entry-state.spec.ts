import { entryState } from './entry-state.js';

const AT = '2026-11-20T08:00:00Z';

describe('the state of an entry', () => {
  it('is removed even if it was usable', () =>
    expect(entryState({ removed_at: AT, usable_at: AT }).text).toBe('removed'));

  it('waits without a time from which it counts', () => {
    expect(entryState({ removed_at: null, usable_at: null }).tone).toBe('wait');
    expect(entryState({ removed_at: null, usable_at: AT }).text).toBe('confirmed');
  });
});
