import type { WithdrawalAgainDto } from '@sluice/http-api';
import { againInParts } from './again-in-parts.js';

const BODY_LIMIT = 65_536;

const withdrawal = (n: number, characters: number): WithdrawalAgainDto => ({
  withdrawal_id: String(n),
  commands: [{ type: 'ledger.place-hold.v1', data: 'x'.repeat(characters) }],
});

describe('commands that are sent to the ledger again', () => {
  it('fit the body limit of the ledger in each part, and keep their order', () => {
    const all = Array.from({ length: 200 }, (_, n) => withdrawal(n, 2_500));

    const { parts, tooLarge } = againInParts(all);

    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts)
      expect(JSON.stringify({ withdrawals: part }).length).toBeLessThanOrEqual(BODY_LIMIT);
    expect(parts.flat()).toEqual(all);
    expect(tooLarge).toEqual([]);
  });

  it('leave out a withdrawal that no call can carry, so that it does not block the others', () => {
    const { parts, tooLarge } = againInParts([
      withdrawal(1, 100),
      withdrawal(2, 30_001),
      { withdrawal_id: '3', commands: Array(3).fill(withdrawal(3, 25_000).commands[0]) },
      withdrawal(4, 100),
    ]);

    expect(parts).toEqual([[withdrawal(1, 100), withdrawal(4, 100)]]);
    expect(tooLarge).toEqual(['2', '3']);
  });

  it('are no call if there are none', () => {
    expect(againInParts([]).parts).toEqual([]);
  });
});
