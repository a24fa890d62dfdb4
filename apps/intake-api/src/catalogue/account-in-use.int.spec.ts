import { testDatabase } from '@sluice/test-servers';
import { givenApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';
import { sow } from '../testkit/given-terms.js';

describe('an account removed from VENUE_ACCOUNTS', () => {
  it('prevents the start while a withdrawal there is open', async () => {
    const url = await testDatabase('intake');
    const before = await givenApi(url);
    const accountId = await givenAccount(before.database);
    const [currency, network, keyId] = ['USDT', 'ETH', 'ck_1'];
    const at = { accountId, currency, network, keyId, venue: 'gateio-treasury' };
    await sow(before.database, [
      { ...at, state: 'submitted' },
      { ...at, state: 'completed' },
    ]);
    await before.close();

    await expect(givenApi(url)).rejects.toThrow(
      /^VENUE_ACCOUNTS lacks accounts in use: gateio-treasury \(0 routes, 1 open withdrawals\)/,
    );
  });
});
