import { Amount } from './amount.js';
import {
  accountFault,
  accountKindsOf,
  amountFault,
  destinationFault,
  sepaText,
} from './venue-rules.js';

const ID = '0b6a1cde-4d1c-4b7e-9a1f-2c3d4e5f6a7b';
const ACCOUNT = {
  type: 'reference_account',
  userId: ID,
  accountGroupId: ID,
  referenceAccountId: ID,
} as const;

describe('destinationFault', () => {
  it.each([
    ['upvest', ACCOUNT, null],
    ['upvest-2', { ...ACCOUNT, purposeCode: 'SALA', remittanceInformation: 'Rent 7' }, null],
    ['upvest', { ...ACCOUNT, remittanceInformation: 'x'.repeat(115) }, null],
    ['upvest', { ...ACCOUNT, remittanceInformation: 'ü'.repeat(57) }, null],
    ['upvest', { ...ACCOUNT, userId: 'x' }, /^user_id: .*UUID/],
    ['upvest', { ...ACCOUNT, accountGroupId: `{${ID}}` }, /^account_group_id: .*UUID/],
    ['upvest', { ...ACCOUNT, referenceAccountId: `${ID}\n` }, /^reference_account_id: .*UUID/],
    ['upvest', { ...ACCOUNT, purposeCode: 'nope!' }, /^purpose_code: .*four capital letters/],
    ['upvest', { ...ACCOUNT, purposeCode: 'sala' }, /^purpose_code: .*four capital letters/],
    ['upvest', { ...ACCOUNT, remittanceInformation: 'x'.repeat(116) }, /^remittance_.* 115 char/],
    ['upvest', { ...ACCOUNT, remittanceInformation: 'ü'.repeat(58) }, /^remittance_.* 115 char/],
    ['upvest', { ...ACCOUNT, remittanceInformation: 'a\nb' }, /^remittance_information: .*SEPA/],
    ['upvest', { type: 'address', address: 'DE89' }, /^type: /],
    ['wallet', { type: 'address', address: 'a', memo: '7' }, /^memo: /],
    ['wallet', { type: 'address', address: 'a' }, null],
    ['gateio', { type: 'address', address: 'a', memo: '7' }, null],
    ['gateio', { type: 'venue_account', kind: 'uid', value: 'x' }, /^value: /],
  ] as const)('at %s, %j: %s', (venue, destination, fault) => {
    const found = destinationFault(venue, destination);
    if (fault === null) expect(found).toBeNull();
    else expect(found).toMatch(fault);
  });
});

describe('amountFault', () => {
  it.each([
    ['upvest', '999999999.99', null],
    ['upvest', '1000000000', 'Upvest pays whole cents, up to 999999999.99'],
    ['upvest', '0.001', 'Upvest pays whole cents, up to 999999999.99'],
    ['gateio', '0.001', null],
  ])('at %s, of %s: %s', (venue, amount, fault) =>
    expect(amountFault(venue, Amount.of(amount, 'EUR.SEPA'))).toBe(fault),
  );
});

describe('sepaText', () => {
  it.each([
    ['Auszahlung Müller', 'Auszahlung Mueller'],
    ['Straße, Ärger, Façade, Łódź', 'Strasse, Aerger, Facade, Lodz'],
    ['Mu\u0308ller', 'Mueller'],
    ['order_17', 'order-17'],
    ['  Rent 5/2026 ', 'Rent 5/2026'],
    ['', ''],
  ])('%j is written %j', (words, text) =>
    expect(sepaText(words, 115)).toEqual({ ok: true, value: text }),
  );

  it.each([
    ['an emoji', 'rent 🏠'],
    ['a line end', 'a\nb'],
    ['a tab', 'a\tb'],
    ['a mark of direction', 'a\u200Fb'],
    ['an invisible blank', 'a\u200Bb'],
    ['another blank', 'a\u00A0b'],
    ['Cyrillic letters', 'аренда'],
    ['a lonely accent', '\u0301'],
    ['two slashes', 'a//b'],
    ['a slash in front', '/ROC/7'],
    ['a slash at the end', 'a/'],
    ['an ampersand', 'A&B'],
    ['a sign', '5 €'],
  ])('refuses %s', (_what, words) => expect(sepaText(words, 115).ok).toBe(false));
});

const GATEIO_UID = 'value: gateio takes a whole number of at most 19 digits as uid';
const BYBIT_UID = 'value: bybit takes a whole number of 4 to 19 digits as uid';
const CID = 'value: bitmart takes a whole number of at most 20 digits as cid';
const EMAIL = 'value: bitmart takes an e-mail address as email';
const PHONE = 'value: bitmart takes 4 to 20 digits, with 1 to 4 digits as area_code as phone';
const AREA_CODE = 'area_code: Only a phone has one';

describe('accountFault', () => {
  it.each([
    ['gateio', 'uid', '12345678', undefined, null],
    ['gateio', 'uid', '9'.repeat(19), undefined, null],
    ['gateio', 'uid', '9'.repeat(20), undefined, GATEIO_UID],
    ['gateio', 'uid', '0123', undefined, GATEIO_UID],
    ['gateio', 'uid', '-1', undefined, GATEIO_UID],
    ['gateio', 'uid', '12345678\n', undefined, GATEIO_UID],
    ['gateio', 'uid', '１２３４', undefined, GATEIO_UID],
    ['gateio', 'uid', 'someone', undefined, GATEIO_UID],
    ['gateio', 'uid', '12345678', '49', AREA_CODE],
    ['gateio', 'email', 'a@b.c', undefined, 'kind: Accounts of gateio are given by uid'],
    ['gateio-treasury', 'uid', '12345678', undefined, null],
    ['gateio-treasury', 'uid', '0123', undefined, GATEIO_UID.replace('gateio', 'gateio-treasury')],
    ['bybit', 'uid', '24600000', undefined, null],
    ['bybit', 'uid', '123', undefined, BYBIT_UID],
    ['bybit', 'uid', 'a@b.c', undefined, BYBIT_UID],
    ['bybit', 'cid', '24600000', undefined, 'kind: Accounts of bybit are given by uid'],
    ['bitmart', 'cid', '876940329', undefined, null],
    ['bitmart', 'cid', 'x', undefined, CID],
    ['bitmart', 'cid', '876940329', '49', AREA_CODE],
    ['bitmart', 'email', 'someone@example.com', undefined, null],
    ['bitmart', 'email', 'someone@example', undefined, EMAIL],
    ['bitmart', 'email', 'someone@@example.com', undefined, EMAIL],
    ['bitmart', 'email', 'some one@example.com', undefined, EMAIL],
    ['bitmart', 'email', 'someone@example.com', '49', AREA_CODE],
    ['bitmart', 'phone', '412345678', '61', null],
    ['bitmart', 'phone', '412345678', undefined, PHONE],
    ['bitmart', 'phone', '412345678', '+61', PHONE],
    ['bitmart', 'phone', '+412345678', '61', PHONE],
    ['bitmart', 'phone', '412', '61', PHONE],
    ['bitmart', 'uid', '1', undefined, 'kind: Accounts of bitmart are given by cid, email, phone'],
    ['upvest', 'uid', '1', undefined, 'kind: Accounts of upvest are given by nothing'],
    ['constructor', 'uid', '1', undefined, 'kind: Accounts of constructor are given by nothing'],
  ] as const)(
    'at %s, of a %s %j with the area code %j: %s',
    (venue, kind, value, areaCode, fault) => {
      const area = areaCode === undefined ? {} : { areaCode };
      expect(accountFault(venue, { type: 'venue_account', kind, value, ...area })).toBe(fault);
    },
  );
});

describe('accountKindsOf', () => {
  it.each([
    ['gateio', ['uid']],
    ['bitmart', ['cid', 'email', 'phone']],
    ['upvest', []],
  ])('%s: %j', (venue, kinds) => expect(accountKindsOf(venue)).toEqual(kinds));
});
