import { testDatabase } from '@sluice/test-servers';
import { ADDRESS } from '../testkit/a-withdrawal.js';
import { givenApi, type ApiAnswer, type TestApi } from '../testkit/given-api.js';
import { countOf } from '../testkit/given-intake.js';
import { USDT_TRX } from '../testkit/given-terms.js';

const HOUR_MS = 3_600_000;

describe('what /internal/terms refuses', () => {
  let api: TestApi;
  beforeAll(async () => void (api = await givenApi(await testDatabase('intake'))));
  afterAll(() => api.close());

  const post = (person: string, target: string, body: object): Promise<ApiAnswer> =>
    api.post(target, body, { person });

  it('takes two people: one who administers asks, and another one approves', async () => {
    const order = { ...USDT_TRX, after_version: 0 };
    const target = '/internal/terms/currencies';
    expect(await post('olivia', target, order)).toMatchObject({ status: 403 });
    expect(await post('peter', target, order)).toMatchObject({
      status: 403,
      body: { message: 'peter may not request this: the role administer is required' },
    });
    await post('demo', target, order);
    expect(await post('demo', target, order)).toMatchObject({ status: 409 });
    expect(await post('ada', target, order)).toMatchObject({
      status: 403,
      body: { message: 'ada may not approve this: it takes the role approve' },
    });
    expect(await countOf(api.database, 'currency_terms')).toBe(0);
  });

  it.each<[string, object, number, string]>([
    [
      'currencies',
      { network: 'MOON', after_version: null },
      404,
      'Network not found: a network has terms before its currencies',
    ],
    [
      'currencies',
      { after_version: null },
      409,
      'Nothing was set: these are not the terms that were read: the newest version is 0',
    ],
    [
      'currencies',
      { after_version: 1 },
      409,
      'Nothing was set: these are not the terms that were read: the newest version is 0',
    ],
    [
      'currencies',
      { currency: 'DOGE', after_version: 0 },
      409,
      'Nothing was set: these are not the terms that were read: there are none',
    ],
    [
      'currencies',
      { contract_address: ADDRESS },
      422,
      'contract_address: Input should be an address of TRX',
    ],
    [
      'currencies',
      { min_withdrawal_amount: '0.0000001' },
      422,
      'min_withdrawal_amount: Decimal input should have no more than 6 decimal places',
    ],
    [
      'currencies',
      { withdrawal_fee_percent: '100.1' },
      422,
      'withdrawal_fee_percent: Input should be at most 100',
    ],
    [
      'currencies',
      { unit_worth_eur: '1' },
      422,
      'unit_worth_eur: Input should be null: a release has the ceiling of USDT',
    ],
    [
      'currencies',
      { currency: 'DOGE', after_version: null },
      422,
      'unit_worth_eur: Field required: no release has a ceiling of DOGE',
    ],
    ['currencies', { unit_worth_eur: '0' }, 422, 'unit_worth_eur: Input should be greater than 0'],
    [
      'currencies',
      { withdrawal_fee_flat: '-1' },
      422,
      'withdrawal_fee_flat: Input should be greater than 0',
    ],
    ['currencies', { decimals: 31 }, 422, 'decimals: Input should be a whole number from 0 to 30'],
    ['currencies', { active: 'yes' }, 422, 'active: Input should be true or false'],
    [
      'currencies',
      { effective_at: 'now' },
      422,
      'effective_at: Input should be a UTC time such as 2026-11-20T08:00:00.000Z',
    ],
    [
      'networks',
      { network: 'TRX', family: 'evm', active: true, after_version: 0 },
      409,
      'The family of TRX is tron, and never changes',
    ],
    [
      'networks',
      { network: 'SOL', family: 'evm', active: true },
      409,
      'The family of SOL is solana, and never changes',
    ],
    [
      'networks',
      { network: 'NEAR', family: 'near', active: true },
      422,
      'family: Input should be one of evm, tron, bitcoin, litecoin, dogecoin, xrp, stellar, ton, solana, cosmos, bank, other',
    ],
  ])('refuses %s %j', async (of, change, status, message) => {
    const order = of === 'currencies' ? { ...USDT_TRX, after_version: 0, ...change } : change;
    expect(await post('ada', `/internal/terms/${of}`, order)).toMatchObject({
      status,
      body: { success: false, message },
    });
  });

  it('never begins in the past, nor before every instance can have read it', async () => {
    for (const ms of [-HOUR_MS, 0, 5_000]) {
      const effective_at = new Date(api.database.clock.now().getTime() + ms).toISOString();
      const answer = await post('ada', '/internal/terms/currencies', {
        ...USDT_TRX,
        after_version: 0,
        effective_at,
      });
      expect(answer).toMatchObject({
        status: 422,
        body: {
          message: expect.stringMatching(
            /^effective_at: Input should be at least 15 s ahead: \S+Z or later$/,
          ),
        },
      });
    }
  });
});
