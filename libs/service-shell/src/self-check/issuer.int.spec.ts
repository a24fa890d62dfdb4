import { LocalIssuer } from '@sluice/test-servers';
import { issuerCheck } from './issuer.check.js';

const settings = (oidcIssuer: string) => ({
  oidcIssuer,
  oidcJwksUrl: '',
  nodeEnv: 'development' as const,
});

describe('the issuer of tokens', () => {
  it('is asked for its keys, and told when it has none for us', async () => {
    const issuer = await LocalIssuer.start();
    const check = issuerCheck(settings(issuer.url));

    expect(await check.look()).toEqual({});
    await issuer.stop();

    expect(await check.look()).toMatchObject({
      findings: [{ code: 'issuer-away', wrong: expect.stringContaining(issuer.url) as string }],
    });
  });
});
