import { newestOf } from './newest-hold.js';

describe('the newest hold', () => {
  it('is the one that was decided last', () =>
    expect(
      newestOf([
        { withdrawal_id: 'old', decided_at: '2026-11-20T08:00:00Z' },
        { withdrawal_id: 'new', decided_at: '2026-11-20T08:00:00.500Z' },
      ]),
    ).toBe('new'));

  it('does not exist without a hold', () => expect(newestOf([])).toBeNull());
});
