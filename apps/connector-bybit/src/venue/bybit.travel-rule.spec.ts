import { readTravelRule, travelRuleFields } from './bybit.travel-rule.js';

const EVM = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
const given = (answers: unknown, required = false) =>
  readTravelRule({ required, recipients: { [EVM]: answers } });
const to = (address: string) => ({ type: 'address', address }) as const;

describe('Travel Rule answers', () => {
  it('go with the withdrawals to their recipient, in whatever case its address is written', () => {
    const rule = given({
      beneficiary: { beneficiaryName: 'Ayşe' },
      transactionPurpose: 'x'.repeat(20),
    });

    expect(travelRuleFields(rule, to(EVM.toLowerCase()))).toEqual({
      beneficiary: { beneficiaryName: 'Ayşe' },
      transactionPurpose: 'x'.repeat(20),
    });
    expect(travelRuleFields(rule, to('other'))).toEqual({});
    expect(travelRuleFields({ ...rule, required: true }, to('other'))).toBeNull();
  });

  it('a questionnaire wins, and goes as a JSON text; a beneficiary goes as an object', () => {
    const rule = given({ questionnaire: { walletType: 1 }, beneficiary: { beneficiaryName: 'A' } });

    expect(travelRuleFields(rule, to(EVM))).toEqual({ questionnaire: '{"walletType":1}' });
  });

  it.each([
    [null, 'must be an object'],
    [{ questionnaire: 'x' }, 'questionnaire must be'],
    [{ questionnaire: { a: 'x'.repeat(16_384) } }, 'at most 16384'],
    [{ beneficiary: { name: 'A' } }, 'known fields'],
    [{ beneficiary: { beneficiaryName: 1 } }, 'all text'],
    [{ transactionPurpose: 'short' }, 'at least 20'],
    [{ purpose: 'x' }, 'purpose is not known'],
  ])('are refused at the start when they cannot be right: %j', (answers, fault) => {
    expect(() => given(answers)).toThrow(fault);
  });

  it.each([[null], [{ required: 'yes', recipients: {} }], [{ required: true }]])(
    'need their shape: %j',
    (value) => {
      expect(() => readTravelRule(value)).toThrow('must be {');
    },
  );
});
