import { Amount } from '@sluice/kernel';
import { FORM } from '../testkit/given-queue.js';
import { type OpenSubmission, pollWindows } from './judgement.js';

const NOW = new Date('2026-11-20T08:00:00Z');

function open(secondsAgo: number): OpenSubmission {
  const sentAt = new Date(NOW.getTime() - secondsAgo * 1_000);
  return {
    withdrawalId: `w${secondsAgo}`,
    state: 'accepted',
    network: 'ETH',
    destination: 'd',
    amount: Amount.of('1', 'USDT.ETH'),
    gross: Amount.of('1', 'USDT.ETH'),
    txHash: null,
    cancelRequested: false,
    cancelSeenForMs: null,
    venueReference: `v${secondsAgo}`,
    clientReference: `c${secondsAgo}`,
    firstSentAt: sentAt,
    lastSentAt: sentAt,
    acceptedForMs: 0,
    endedForMs: null,
    wasListed: false,
    isUnlisted: false,
    isTakenBack: false,
  };
}

describe('pollWindows', () => {
  it('covers many young submissions with one window, open to the present', () => {
    const [window, ...others] = pollWindows(FORM, [open(20), open(10), open(1)], NOW);

    expect(others).toEqual([]);
    expect(window?.members).toHaveLength(3);
    expect(window?.from.getTime()).toBeLessThan(NOW.getTime() - 20_000);
    expect(window?.to.getTime()).toBe(NOW.getTime());
  });

  it('asks for an old one by its own reference: it must not make the listing of the young long', () => {
    const windows = pollWindows(FORM, [open(86_400), open(2), open(1)], NOW);

    expect(windows.map(({ single, members }) => [single, members.length])).toEqual([
      ['v86400', 1],
      [null, 2],
    ]);
  });

  it('lists many old ones of one time together, in a window that ends with them', () => {
    const [window] = pollWindows(FORM, [open(3_605), open(3_603), open(3_601)], NOW);

    expect(window?.single).toBeNull();
    expect(window?.to.getTime()).toBeLessThan(NOW.getTime() - 3_500_000);
  });

  it('asks for nothing when nothing is open', () => expect(pollWindows(FORM, [], NOW)).toEqual([]));
});
