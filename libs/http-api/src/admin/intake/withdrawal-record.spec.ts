import { fieldsOf, namesIn } from '../testkit/record-fields.js';
import { WithdrawalDto } from './withdrawal.dto.js';
import { LISTED_WITHDRAWAL, SHOWN_WITHDRAWAL, WithdrawalRowDto } from './withdrawal-record.js';

const VIEW = ['status', 'stage'];

describe('admin views of a withdrawal', () => {
  it('have the columns of the list, and the public status', () =>
    expect(fieldsOf(WithdrawalRowDto)).toEqual(namesIn(LISTED_WITHDRAWAL, VIEW)));

  it('have all shown columns in the details, and what is computed', () =>
    expect(fieldsOf(WithdrawalDto)).toEqual(
      namesIn(SHOWN_WITHDRAWAL, [...VIEW, 'awaits', 'trace_id', 'routing', 'history', 'cases']),
    ));
});
