import fc from 'fast-check';
import { advanceWithdrawal, type Fact } from './advance-withdrawal.js';
import { isKnownAlready, replaceHash } from './known-facts.js';
import { AT, opened } from './testkit/opened.js';
import type { Withdrawal } from './withdrawal.js';

const REFERENCE = 'ETH:0x52908400098527886E0F7030069857D2E4169EE7:7';
const BY_LEDGER: readonly Fact['trigger'][] = ['hold_placed', 'hold_captured', 'hold_released'];
const paidByWallet = (): Withdrawal =>
  opened({ venue: 'wallet', destination: { type: 'address', address: '0x1' } });
const broadcast = (txHash: string): Fact => ({ trigger: 'broadcast', txHash });
const settled = (txHash: string): Fact => ({
  trigger: 'settled',
  txHash,
  venueFee: null,
  confirmations: 12,
  blockNumber: '21034567',
});

/** What a withdrawal becomes by these facts, as the saga applies them: repeats and what does not fit are left out. */
function livesThrough(withdrawal: Withdrawal, facts: readonly Fact[]) {
  const commands: string[] = [];
  for (const fact of facts) {
    const by = BY_LEDGER.includes(fact.trigger) ? null : withdrawal.venue;
    if (isKnownAlready(withdrawal, fact, by)) continue;
    const replaced = replaceHash(withdrawal, fact);
    const step = advanceWithdrawal(withdrawal, fact, { at: AT, by, route: [] });
    if (replaced) withdrawal = replaced;
    else if (step.ok) {
      withdrawal = step.value.withdrawal;
      commands.push(...step.value.commands.map(({ kind }) => kind));
    }
  }
  return { withdrawal, commands };
}

describe('a withdrawal that our own wallet pays', () => {
  const sent: readonly Fact[] = [
    { trigger: 'hold_placed' },
    { trigger: 'accepted', venueReference: REFERENCE, txHash: '0xaa' },
    broadcast('0xaa'),
  ];

  it('has the hash of the last sent transaction, and finally the hash and block number of the mined transaction', () => {
    expect(livesThrough(paidByWallet(), sent).withdrawal).toMatchObject({
      state: 'broadcast',
      txHash: '0xaa',
      venueReference: REFERENCE,
      broadcastAt: AT,
      confirmations: null,
      blockNumber: null,
    });
    const replaced = livesThrough(paidByWallet(), [...sent, broadcast('0xbb')]).withdrawal;
    expect(replaced).toMatchObject({
      state: 'broadcast',
      txHash: '0xbb',
      sequence: 4,
      published: 2,
    });
    expect(
      livesThrough(paidByWallet(), [...sent, broadcast('0xbb'), settled('0xaa')]).withdrawal,
    ).toMatchObject({
      state: 'capturing',
      txHash: '0xaa',
      confirmations: 12,
      blockNumber: '21034567',
    });
  });

  it('takes another hash only while it is on the chain, and no other venue’s at all', () => {
    const { withdrawal } = livesThrough(paidByWallet(), [...sent, settled('0xaa')]);
    expect(replaceHash(withdrawal, broadcast('0xbb'))).toBeNull();
    const elsewhere = livesThrough(opened(), sent).withdrawal;
    expect(elsewhere.state).toBe('broadcast');
    expect(replaceHash(elsewhere, broadcast('0xbb'))).toBeNull();
  });

  it('is captured at most once or released at most once, and never both, whatever is reported in whatever order', () => {
    const hash = fc.constantFrom('0xaa', '0xbb');
    const fact: fc.Arbitrary<Fact> = fc.oneof(
      fc.constantFrom<Fact>(
        ...BY_LEDGER.map((trigger) => ({ trigger }) as Fact),
        { trigger: 'failed', reason: 'reverted', message: 'reverted' },
        { trigger: 'cancelled', reason: 'cancelled', message: 'replaced by nothing' },
        { trigger: 'refused', reason: 'invalid_destination', message: 'it reverts' },
        { trigger: 'outcome_unknown', cause: 'time-out' },
      ),
      hash.map((txHash): Fact => ({ trigger: 'accepted', venueReference: REFERENCE, txHash })),
      hash.map(broadcast),
      hash.map(settled),
    );
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 40 }), (facts) => {
        const { withdrawal, commands } = livesThrough(paidByWallet(), facts);
        const ends = commands.filter((kind) => kind === 'capture' || kind === 'release');
        expect(ends.length).toBeLessThanOrEqual(1);
        if (withdrawal.state === 'completed')
          expect([ends, withdrawal.blockNumber]).toEqual([['capture'], '21034567']);
        if (withdrawal.state === 'failed' || withdrawal.state === 'cancelled')
          expect([ends, withdrawal.blockNumber]).toEqual([['release'], null]);
      }),
    );
  });

  it('has no venue fee to book: gas is the firm’s, and no part of a withdrawal', () => {
    const { commands } = livesThrough(paidByWallet(), [...sent, settled('0xaa')]);
    expect(commands).toEqual(['submit', 'capture']);
  });
});
