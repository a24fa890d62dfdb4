import { testMessageKeysText } from '@sluice/test-kit';
import { signerConfig } from './config.js';
import { CHAINS_TEXT, KEK, SEALED_KEYS } from './testkit/wallets.js';

const ENV = {
  PORT: '1',
  DATABASE_URL: 'postgres://a:b@127.0.0.1/c',
  OIDC_ISSUER: 'http://127.0.0.1:1',
  MESSAGE_KEYS: testMessageKeysText('signer'),
  EVM_CHAINS: CHAINS_TEXT,
  AUDITOR_PERMITS: 'advisory',
  SIGNER_KEY_STORE: 'file',
  SIGNER_KEYS: SEALED_KEYS,
  SIGNER_KEYS_KEK: KEK,
};
const PKCS11 = { PKCS11_MODULE: '/lib/x.so', PKCS11_TOKEN: 'sluice', PKCS11_PIN: '1234' };
const withCoin = (currency: string, unitWorthEur?: string) =>
  JSON.stringify(
    (JSON.parse(CHAINS_TEXT) as object[]).map((one) => ({
      ...one,
      native: { currency, ...(unitWorthEur !== undefined && { unitWorthEur }) },
    })),
  );

describe('the settings of the signer', () => {
  it('name no Kafka and one place of keys', () => {
    expect(signerConfig(ENV)).toMatchObject({ brokers: [], keys: 'file' });
    expect(signerConfig({ ...ENV, SIGNER_KEY_STORE: 'pkcs11', ...PKCS11 })).toMatchObject({
      keys: 'pkcs11',
      pkcs11Token: 'sluice',
    });
  });

  it.each<[string, object, string]>([
    ['a Kafka', { KAFKA_BROKERS: 'kafka:9092' }, 'the signer speaks to no Kafka'],
    [
      'keys in a file in production',
      { NODE_ENV: 'production' },
      'SIGNER_KEY_STORE=file is for development',
    ],
    ['another place of keys', { SIGNER_KEY_STORE: 'environment' }, 'must be file or pkcs11'],
    ['no file', { SIGNER_KEYS: '' }, 'SIGNER_KEYS_FILE is missing'],
    ['no key for it', { SIGNER_KEYS_KEK: '' }, 'SIGNER_KEYS_KEK is missing'],
    [
      'no module',
      { SIGNER_KEY_STORE: 'pkcs11', ...PKCS11, PKCS11_MODULE: '' },
      'PKCS11_MODULE is missing',
    ],
    [
      'no token',
      { SIGNER_KEY_STORE: 'pkcs11', ...PKCS11, PKCS11_TOKEN: '' },
      'PKCS11_TOKEN is missing',
    ],
    ['no PIN', { SIGNER_KEY_STORE: 'pkcs11', ...PKCS11, PKCS11_PIN: '' }, 'PKCS11_PIN is missing'],
    ['permits without a key', { AUDITOR_PERMITS: '' }, 'AUDITOR_PUBLIC_KEYS is missing'],
    [
      'a key of the auditor that is none',
      { AUDITOR_PUBLIC_KEYS: 'hush' },
      'AUDITOR_PUBLIC_KEYS a public key of the auditor must be 32 bytes',
    ],
    ['no chains', { EVM_CHAINS: '' }, 'EVM_CHAINS is missing'],
    [
      'a coin that no release caps',
      { EVM_CHAINS: withCoin('DOGE') },
      'no release has a cap for payment of DOGE.ETH: set unitWorthEur',
    ],
    [
      'a worth of a coin that a release caps',
      { EVM_CHAINS: withCoin('ETH', '3000') },
      'unitWorthEur of ETH.ETH must not be set',
    ],
  ])('do not start with %s', (_what, change, sentence) => {
    expect(() => signerConfig({ ...ENV, ...change })).toThrow(sentence);
  });

  it('take a coin that no release names once its worth is stated', () => {
    expect(() => signerConfig({ ...ENV, EVM_CHAINS: withCoin('POL', '0.25') })).not.toThrow();
  });

  it('show no key when they are printed', () => {
    expect(JSON.stringify(signerConfig(ENV))).not.toContain(KEK);
  });
});
