import { returnWindows } from './returned-payments.js';

const DAY = 86_400_000;
const NOW = new Date(40 * DAY);
const form = { honoured: { forMs: 60_000, source: 's' }, absence: { emptyLookups: 4, afterMs: 1 } };
const sent = (day: number) => ({
  firstSentAt: new Date(day * DAY),
  lastSentAt: new Date(day * DAY),
});

describe('the windows of settled payments', () => {
  it('are one per day, not one per payment', () => {
    const settled = [sent(1), sent(1.5), sent(3)];

    const windows = returnWindows(form, settled, NOW);

    expect(windows.map(({ members }) => members.length)).toEqual([2, 1]);
    for (const { from, to, members } of windows)
      for (const { firstSentAt, lastSentAt } of members) {
        expect(from.getTime()).toBeLessThan(firstSentAt.getTime());
        expect(to.getTime()).toBeGreaterThan(lastSentAt.getTime());
      }
  });

  it('are a single one at a venue that lists records by recipient, and never end in the future', () => {
    const windows = returnWindows({ ...form, listedPerRecipient: true }, [sent(1), sent(40)], NOW);

    expect(windows).toEqual([
      { from: new Date(DAY - 60_000), to: NOW, members: [sent(1), sent(40)] },
    ]);
  });
});
