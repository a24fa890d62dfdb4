import { withdrawalsIn } from './upvest-webhook.controller.js';

const event = (type: string, id: string) => ({
  id: 'e1',
  created_at: '2026-11-20T08:00:00Z',
  type,
  object: { id, status: 'CONFIRMED' },
  webhook_id: 'w',
});

describe('withdrawalsIn', () => {
  it('names the withdrawals to look up, each once, regardless of the reported status', () => {
    expect(
      withdrawalsIn([
        event('WITHDRAWAL.CONFIRMED', 'A1'),
        event('WITHDRAWAL.NEW', 'a1'),
        event('ORDER.FILLED', 'b'),
        { type: 'WITHDRAWAL.NEW' },
        { type: 'WITHDRAWAL.NEW', object: null },
        { type: 'WITHDRAWAL.NEW', object: { id: 7 } },
        null,
        'x',
      ]),
    ).toEqual(['a1']);
  });
});
