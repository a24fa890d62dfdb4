import { groupCounts, paymentContent } from './payment-content.js';

describe('the content of a payment', () => {
  it('is read if it has one reading, and is of the withdrawal', () =>
    expect(paymentContent('{"withdrawal_id":"w","amount":"1.50"}', 'w')).toEqual({
      withdrawal_id: 'w',
      amount: '1.50',
    }));

  it.each([
    ['another withdrawal', '{"withdrawal_id":"x"}'],
    ['a repeated name', '{"amount":"1","withdrawal_id":"w","amount":"2"}'],
    ['a number that a browser rounds', '{"withdrawal_id":"w","amount":12345678901234567890}'],
    ['blanks', '{"withdrawal_id": "w"}'],
    ['a list', '["w"]'],
    ['no JSON', '{'],
  ])('of %s is refused', (_what, text) => expect(paymentContent(text, 'w')).toBeNull());

  it('has the counts of its groups', () =>
    expect(
      groupCounts(
        {
          groups: [
            { group: 'treasury', need: 2 },
            { group: 'risk', need: 1 },
          ],
        },
        [
          { decision: 'approve', groups: ['treasury', 'board'] },
          { decision: 'refuse', groups: ['risk'] },
        ],
      ),
    ).toEqual(['1 of 2 of treasury', '0 of 1 of risk']));
});
