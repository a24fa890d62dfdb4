import { readConfig } from '../config/read-config.js';
import { choice } from '../config/settings.js';
import {
  outgoingProxyOf,
  proxyFor,
  proxyPasswordInFile,
  PROXY_SETTINGS,
} from './outgoing-proxy.js';

const SCHEMA = { nodeEnv: choice('NODE_ENV', ['production', 'test'], 'test'), ...PROXY_SETTINGS };
const read = (env: Readonly<Record<string, string>>) =>
  readConfig(env, SCHEMA, [proxyPasswordInFile]);

describe('the outgoing proxy', () => {
  it.each(['proxy:3128', 'socks5://proxy:1080', 'http://proxy:3128/path', 'http://proxy?a=b'])(
    'is refused as %s, without the text',
    (url) => {
      const fault = 'OUTGOING_PROXY_URL must be http(s)://[USER:PASSWORD@]HOST:PORT';
      expect(() => read({ OUTGOING_PROXY_URL: url })).toThrow(fault);
      expect(() => read({ OUTGOING_PROXY_URL: url })).not.toThrow(url);
    },
  );

  it('has its password in a file in production', () => {
    const production = { NODE_ENV: 'production' };
    const secret = { OUTGOING_PROXY_URL: 'http://sluice:secret@proxy.example:3128' };

    expect(() => read({ ...production, ...secret })).toThrow(
      'OUTGOING_PROXY_URL has a password: in production set OUTGOING_PROXY_URL_FILE',
    );
    expect(() => read(secret)).not.toThrow();
    expect(() => read({ ...production, OUTGOING_PROXY_URL: 'http://proxy:3128' })).not.toThrow();
  });

  it.each([
    ['https://api.gateio.ws', true],
    ['https://login.house.example', false],
    ['https://house.example', true],
    ['https://evilhouse.example', true],
    ['https://keycloak', false],
    ['http://127.0.0.1:8080', true],
  ])('is used for %s: %s', (origin, isUsed) => {
    const proxy = outgoingProxyOf(
      read({
        OUTGOING_PROXY_URL: 'http://proxy:3128',
        OUTGOING_NO_PROXY: '.house.example, Keycloak',
      }),
    );

    expect(proxyFor(origin, proxy) !== null).toBe(isUsed);
    expect(proxyFor(origin, outgoingProxyOf(read({})))).toBeNull();
  });
});
