import { accountFault, accountKindsOf } from './venue-accounts.js';

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
