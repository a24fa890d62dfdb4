import { fieldsOf, namesIn } from '../testkit/record-fields.js';
import { HoldDto, SHOWN_HOLD } from './hold-record.js';

describe('the admin view of a hold', () => {
  it('has the shown columns', () => expect(fieldsOf(HoldDto)).toEqual(namesIn(SHOWN_HOLD)));
});
