import 'reflect-metadata';
import { DestinationField, meantOfDestination } from './destination-field.js';
import { readFields } from './exact.pipe.js';
import { lettersOf } from './misspelt.js';

class Payment {
  @DestinationField({ optional: true }) destination?: unknown;
}
const ADDRESS = { type: 'address', address: 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh' };
const UID = { type: 'venue_account', kind: 'phone', value: '5550100' };
const BANK = {
  type: 'reference_account',
  user_id: 'u',
  account_group_id: 'g',
  reference_account_id: 'r',
};
const read = (destination: unknown): unknown => readFields(Payment, { destination }).destination;

describe('DestinationField', () => {
  it.each([
    [
      [{ ...ADDRESS, memo: null }, { ...ADDRESS, memo: '' }, { ...ADDRESS, tag: null }, ADDRESS],
      ADDRESS,
    ],
    [
      [
        { ...UID, area_code: null },
        { ...UID, area_code: '' },
      ],
      UID,
    ],
    [[{ ...BANK, remittance_information: null, purpose_code: '' }], BANK],
    [
      [{ ...BANK, remittance_information: 'Invoice\u00a07 of May' }],
      { ...BANK, remittance_information: 'Invoice\u00a07 of May' },
    ],
  ])('reads each of %j equally', (given, wanted) => {
    for (const one of given) expect(read(one)).toEqual(wanted);
  });

  it.each([
    [{ ...ADDRESS, Memo: '7' }, 'destination.Memo: Unknown field; did you mean destination.memo?'],
    [{ ...ADDRESS, MEMO: '7' }, 'destination.MEMO: Unknown field; did you mean destination.memo?'],
    [{ ...ADDRESS, tag: '7' }, 'destination.tag: Unknown field; did you mean destination.memo?'],
    [
      { ...ADDRESS, destinationTag: 7 },
      'destination.destinationTag: Unknown field; did you mean destination.memo?',
    ],
    [
      { ...ADDRESS, payment_id: '7' },
      'destination.payment_id: Unknown field; did you mean destination.memo?',
    ],
    [
      { ...ADDRESS, Address: 'x' },
      'destination.Address: Unknown field; did you mean destination.address?',
    ],
    [
      { ...UID, areaCode: '44' },
      'destination.areaCode: Unknown field; did you mean destination.area_code?',
    ],
    [
      { ...UID, area_cod: '44' },
      'destination.area_cod: Unknown field; did you mean destination.area_code?',
    ],
    [
      { ...BANK, remittanceInformation: 'x' },
      'destination.remittanceInformation: Unknown field; did you mean destination.remittance_information?',
    ],
    [
      { ...BANK, remittance: 'x' },
      'destination.remittance: Unknown field; did you mean destination.remittance_information?',
    ],
    [
      { ...BANK, purposeCode: 'SALA' },
      'destination.purposeCode: Unknown field; did you mean destination.purpose_code?',
    ],
    [
      { type: 'reference_account', userId: 'u' },
      'destination.userId: Unknown field; did you mean destination.user_id?',
    ],
    [{ ...BANK, memo: 'x' }, 'destination.memo: Unknown field'],
    [{ ...ADDRESS, note: '' }, 'destination.note: Unknown field'],
    [
      { ...ADDRESS, memo: 'a\u200b' },
      'destination.memo: String should contain valid characters only, not U+200B',
    ],
    [{ ...ADDRESS, memo: ' ' }, 'destination.memo: String should not begin or end with a blank'],
    [
      { ...ADDRESS, address: `${ADDRESS.address}\u00a0` },
      'destination.address: String should not begin or end with a blank',
    ],
    [
      { ...BANK, remittance_information: 'a\u202eb' },
      'destination.remittance_information: String should contain valid characters only, not U+202E',
    ],
    [{ ...ADDRESS, address: null }, 'destination.address: Field required'],
    [
      { Type: 'address', address: 'x' },
      "destination.type: Input should be 'address', 'venue_account' or 'reference_account'",
    ],
    ['x', 'destination: Input should be a valid object'],
    [[], 'destination: Input should be a valid object'],
  ])('refuses %j', (destination, message) => {
    expect(() => read(destination)).toThrow(new Error(message));
  });

  it('may be absent or null where it is optional', () => {
    expect([read(undefined), read(null)]).toEqual([undefined, null]);
  });
});

describe('meantOfDestination', () => {
  it.each([
    ['memo', 'destination.memo'],
    ['Memos', 'destination.memo'],
    ['memo_text', 'destination.memo'],
    ['memo_id', 'destination.memo'],
    ['tag', 'destination.memo'],
    ['destination_tag', 'destination.memo'],
    ['destinationTag', 'destination.memo'],
    ['dest_tag', 'destination.memo'],
    ['addressTag', 'destination.memo'],
    ['address_tag', 'destination.memo'],
    ['addr-tag', 'destination.memo'],
    ['withdraw_memo', 'destination.memo'],
    ['xrp_tag', 'destination.memo'],
    ['payment_id', 'destination.memo'],
    ['paymentId', 'destination.memo'],
    ['extra_id', 'destination.memo'],
    ['destination.memo', 'destination.memo'],
    ['areaCode', 'destination.area_code'],
    ['remittance_information', 'destination.remittance_information'],
    ['remittanceInfo', 'destination.remittance_information'],
    ['purposeCode', 'destination.purpose_code'],
    ['reference_account_id', 'destination.reference_account_id'],
  ])('reads %s as %s', (name, meant) => {
    expect(meantOfDestination(lettersOf(name))).toBe(meant);
  });

  it.each(['tags', 'note', 'stage', 'address', 'type', 'value', 'chain', 'demo', 'metadata', 'to'])(
    'does not know %s',
    (name) => {
      expect(meantOfDestination(lettersOf(name))).toBeUndefined();
    },
  );
});
