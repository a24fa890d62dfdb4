import { LocalIssuer } from '@sluice/test-servers';
import { settingsOf } from '../callers/testkit/refusal.js';
import { issuerCheck } from './platform.check.js';

describe('the issuer of tokens', () => {
  it('is asked for its keys, and told when it has none for us', async () => {
    const issuer = await LocalIssuer.start();
    const check = issuerCheck(settingsOf(issuer.url));

    expect(await check.look()).toEqual({});
    await issuer.stop();

    expect(await check.look()).toMatchObject({
      findings: [{ code: 'issuer-away', wrong: expect.stringContaining(issuer.url) as string }],
    });
  });
});
