import fc from 'fast-check';
import {
  destinationNames,
  destinationOf,
  parseDestination,
  REQUESTED_DESTINATION_SCHEMA,
  requestedDestination,
  wireDestination,
} from './wire-destination.js';

const REFERENCE = {
  type: 'reference_account',
  user_id: 'u',
  account_group_id: 'g',
  reference_account_id: 'r',
};

describe('parseDestination', () => {
  it.each([
    { type: 'address', address: '0x1' },
    { type: 'address', address: 'r1', memo: '104' },
    ...['uid', 'cid', 'email', 'phone'].map((kind) => ({
      type: 'venue_account',
      kind,
      value: '1',
    })),
    { type: 'venue_account', kind: 'phone', value: '5550100', area_code: '44' },
    REFERENCE,
    { ...REFERENCE, remittance_information: 'für Müller', purpose_code: 'SALA' },
    { type: 'address', address: 'x'.repeat(256), unknown: 1 },
  ])('takes %j', (value) => {
    expect(parseDestination(value)).toMatchObject({ ok: true });
  });

  const OBJECT = 'destination: Input should be a valid object';
  const TYPE =
    "destination.type: Input should be 'address', 'venue_account' or 'reference_account'";
  it.each([
    [undefined, OBJECT],
    [null, OBJECT],
    ['0x1', OBJECT],
    [[], OBJECT],
    [{}, TYPE],
    [{ type: 'Address', address: '0x1' }, TYPE],
    [{ type: '__proto__' }, TYPE],
    [{ type: 'constructor' }, TYPE],
    [{ type: ['address'], address: '0x1' }, TYPE],
    [{ type: 'address' }, 'destination.address: Field required'],
    [{ type: 'address', address: 1 }, 'destination.address: Input should be a valid string'],
    [{ type: 'address', address: null }, 'destination.address: Input should be a valid string'],
    [
      { type: 'address', address: '' },
      'destination.address: String should have at least 1 characters',
    ],
    [
      { type: 'address', address: 'x'.repeat(257) },
      'destination.address: String should have at most 256 characters',
    ],
    [
      { type: 'address', address: '0x1', memo: 7 },
      'destination.memo: Input should be a valid string',
    ],
    [{ type: 'venue_account', value: '1' }, 'destination.kind: Field required'],
    [
      { type: 'venue_account', kind: 'iban', value: '1' },
      "destination.kind: Input should be 'uid', 'cid', 'email' or 'phone'",
    ],
    [{ type: 'venue_account', kind: 'uid' }, 'destination.value: Field required'],
    [
      { type: 'reference_account', user_id: 'u', account_group_id: 'g' },
      'destination.reference_account_id: Field required',
    ],
  ])('refuses %j', (value, fault) => {
    expect(parseDestination(value)).toEqual({ ok: false, refusal: fault });
    expect(() => destinationOf(value)).toThrow(fault);
  });

  it('answers for any value', () =>
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (value) =>
        expect(typeof parseDestination(value).ok).toBe('boolean'),
      ),
    ));

  it('leaves out what is not documented', () => {
    const given: unknown = JSON.parse('{"type":"address","address":"a","admin":1,"__proto__":1}');

    expect(destinationOf(given)).toEqual({ type: 'address', address: 'a' });
  });
});

describe('requestedDestination', () => {
  it.each([
    [
      { type: 'address', address: '0x1', memo: null },
      { type: 'address', address: '0x1' },
    ],
    [
      { type: 'address', address: '0x1', memo: '' },
      { type: 'address', address: '0x1' },
    ],
    [
      { type: 'venue_account', kind: 'uid', value: '1', area_code: null },
      { type: 'venue_account', kind: 'uid', value: '1' },
    ],
    [{ ...REFERENCE, remittance_information: '', purpose_code: null, tag: null }, REFERENCE],
    [{ type: 'address', address: null }, { type: 'address' }],
    [
      { type: 'address', address: '' },
      { type: 'address', address: '' },
    ],
    [
      { type: 'address', memo: ' ' },
      { type: 'address', memo: ' ' },
    ],
  ])('reads %j as %j', (given, read) => {
    expect(requestedDestination(given)).toEqual(read);
  });

  it.each([null, undefined, 'x', 7, [null]])('leaves %j alone', (value) => {
    expect(requestedDestination(value)).toEqual(value);
  });

  it('has a schema that takes null for each optional field, and no further field', () => {
    const [address] = REQUESTED_DESTINATION_SCHEMA.oneOf;
    expect(address).toMatchObject({
      additionalProperties: false,
      required: ['type', 'address'],
      properties: { memo: { type: ['string', 'null'] }, address: { type: 'string' } },
    });
    expect(destinationNames('venue_account')).toEqual(['type', 'kind', 'value', 'area_code']);
    expect(destinationNames('cheque')).toEqual([]);
  });
});

describe('the wire form', () => {
  it('has names of its own', () => {
    const wire = { ...REFERENCE, remittance_information: 'words', purpose_code: 'SALA' };

    expect(destinationOf(wire)).toEqual({
      type: 'reference_account',
      userId: 'u',
      accountGroupId: 'g',
      referenceAccountId: 'r',
      remittanceInformation: 'words',
      purposeCode: 'SALA',
    });
  });

  it.each([
    '{"type":"address","address":"r1","memo":"104"}',
    '{"memo":"104","type":"address","address":"r1"}',
    '{"kind":"phone","type":"venue_account","value":"5550100","area_code":"44"}',
    '{"purpose_code":"SALA","type":"reference_account","user_id":"u","reference_account_id":"r","account_group_id":"g"}',
  ])('is read and written again to the same byte: %s', (text) => {
    expect(JSON.stringify(wireDestination(destinationOf(JSON.parse(text))))).toBe(text);
  });
});
