import { fieldsOf, namesIn } from '../testkit/record-fields.js';
import { SHOWN_SUBMISSION, SubmissionDto } from './submission-record.js';

describe('the admin view of a submission', () => {
  it('has the shown columns', () =>
    expect(fieldsOf(SubmissionDto)).toEqual(namesIn(SHOWN_SUBMISSION)));
});
