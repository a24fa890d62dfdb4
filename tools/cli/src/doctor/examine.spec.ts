import { type OwnWord, behindItsWall } from './examine.js';
import { examined } from './findings.js';

const away = (about: string) =>
  examined(about, {
    findings: [{ code: 'service-away', wrong: 'A.', follows: 'B.', remedy: 'C.' }],
    unchecked: [{ what: 'self-check', because: 'the service cannot be reached' }],
  });
const wordOf = (service: string, checked: readonly string[]): OwnWord => ({
  service,
  version: '1',
  time_ms: 0,
  askedAtMs: 0,
  answeredAtMs: 0,
  identity: { database: 'd', database_login: 'l', kafka_login: null, oidc_client: null },
  checked: [...checked],
  findings: [],
  unchecked: [],
  untold: [],
  message_keys: [],
  clients_without_passkey: [],
});
const ASKED = wordOf('connector-evm', ['nodes of ETH', 'signer']);

describe('a signer that cannot be reached from here', () => {
  it('is nothing wrong where the connector that it signs for has looked at it', () => {
    expect(behindItsWall(away('signer'), [ASKED])).toMatchObject({
      findings: [],
      unchecked: [],
      untold: [{ what: 'self-check', because: expect.stringContaining('connector-evm') as string }],
    });
  });

  it.each([
    ['nobody has looked at it', 'signer', []],
    ['its connector could not look', 'signer', [wordOf('connector-evm', ['nodes of ETH'])]],
    ['another service is away', 'ledger', [ASKED]],
  ])('is away where %s', (_what, about, words) => {
    expect(behindItsWall(away(about), words)).toEqual(away(about));
  });

  it('is left as it is where it answers', () => {
    const seen = examined('signer', { checked: ['readiness'] });
    expect(behindItsWall(seen, [ASKED])).toBe(seen);
  });
});
