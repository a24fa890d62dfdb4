import { Amount } from '../money/amount.js';
import { sepaText } from './sepa-text.js';
import { amountFault, destinationFault } from './venue-fault.js';

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
