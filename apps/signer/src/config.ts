import {
  brokersOrNone,
  choice,
  fromFile,
  readConfig,
  Secret,
  secretFile,
  text,
  type Environment,
  type RuleInput,
} from '@sluice/runtime';
import { parseChains, type ChainSettings } from '@sluice/evm';
import {
  PERMIT_SETTINGS,
  permitKeysMissing,
  SERVICE_RULES,
  SERVICE_SETTINGS,
} from '@sluice/service-shell';
import { SigningChain } from './signatures/chains.js';

export type SignerConfig = ReturnType<typeof signerConfig>;

const KEY_STORES = ['file', 'pkcs11'] as const;

/** Throws a single ConfigError naming every fault. */
export const signerConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      ...PERMIT_SETTINGS,
      /** The signer uses no Kafka: a configured broker list was meant for another service. */
      brokers: brokersOrNone('KAFKA_BROKERS'),
      /** The signer's own copy: the connector's view of chains, wallets and fees is not trusted. */
      chains: fromFile('EVM_CHAINS', parseChains),
      /** Key store: a sealed file for development (refused in production) or a PKCS#11 token. */
      keys: choice<(typeof KEY_STORES)[number]>('SIGNER_KEY_STORE', KEY_STORES, 'file'),
      sealedKeys: secretFile('SIGNER_KEYS', { form: 'lines' }, new Secret('')),
      /** Key to the sealed file: 32 bytes, base64. */
      kek: secretFile('SIGNER_KEYS_KEK', { fileInProduction: true }, new Secret('')),
      /** Path of the PKCS#11 library, label of the token, and PIN of the token's user. */
      pkcs11Module: text('PKCS11_MODULE', ''),
      pkcs11Token: text('PKCS11_TOKEN', ''),
      pkcs11Pin: secretFile(
        'PKCS11_PIN',
        { fileInProduction: true, form: 'phrase' },
        new Secret(''),
      ),
    },
    [
      ...SERVICE_RULES,
      permitKeysMissing,
      kafkaNamed,
      keysInAFile,
      keysIncomplete,
      uncapped,
      overstated,
    ],
  );

interface Keys {
  readonly nodeEnv: string;
  readonly brokers: readonly string[];
  readonly chains: readonly ChainSettings[];
  readonly keys: (typeof KEY_STORES)[number];
  readonly sealedKeys: Secret;
  readonly kek: Secret;
  readonly pkcs11Module: string;
  readonly pkcs11Token: string;
  readonly pkcs11Pin: Secret;
}

function kafkaNamed({ config: { brokers = [] } }: RuleInput<Keys>): readonly string[] {
  return brokers.length > 0 ? ['KAFKA_BROKERS must not be set: the signer speaks to no Kafka'] : [];
}

/** The file, its key and this process's memory together give full control of the wallet. */
function keysInAFile({ config: { nodeEnv, keys } }: RuleInput<Keys>): readonly string[] {
  return nodeEnv === 'production' && keys === 'file'
    ? [
        'SIGNER_KEY_STORE=file is for development: in production keys are in hardware (SIGNER_KEY_STORE=pkcs11)',
      ]
    : [];
}

function keysIncomplete({ config }: RuleInput<Keys>): readonly string[] {
  const { keys, sealedKeys, kek, pkcs11Module, pkcs11Token, pkcs11Pin } = config;
  const needed: Readonly<Record<string, string | undefined>> =
    keys === 'file'
      ? { SIGNER_KEYS_FILE: sealedKeys?.reveal(), SIGNER_KEYS_KEK: kek?.reveal() }
      : {
          PKCS11_MODULE: pkcs11Module,
          PKCS11_TOKEN: pkcs11Token,
          PKCS11_PIN: pkcs11Pin?.reveal(),
        };
  if (keys === undefined) return [];
  return Object.entries(needed)
    .filter(([, value]) => value === '')
    .map(([name]) => `${name} is missing: SIGNER_KEY_STORE=${keys} needs it`);
}

/** Better at the start than at the first customer. */
function uncapped({ config: { chains = [] } }: RuleInput<Keys>): readonly string[] {
  return chains
    .flatMap((one) => new SigningChain(one).uncapped())
    .map(
      (what) =>
        `EVM_CHAINS_FILE: no release has a cap for ${what}: set unitWorthEur (value of one unit in EUR); until then no payment of it is signed`,
    );
}

function overstated({ config: { chains = [] } }: RuleInput<Keys>): readonly string[] {
  return chains
    .flatMap((one) => new SigningChain(one).overstated())
    .map(
      (asset) =>
        `EVM_CHAINS_FILE: unitWorthEur of ${asset} must not be set: a release has its caps, and no setting changes them`,
    );
}
