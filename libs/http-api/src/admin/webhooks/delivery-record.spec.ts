import { DeliveryDto, SHOWN_DELIVERY } from './delivery-record.js';
import { fieldsOf, namesIn } from '../testkit/record-fields.js';

describe('views of a delivery', () => {
  it('have the shown columns', () =>
    expect(fieldsOf(DeliveryDto)).toEqual(namesIn(SHOWN_DELIVERY)));
});
