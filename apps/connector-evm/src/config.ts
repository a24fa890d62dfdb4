import {
  fromFile,
  isLoopback,
  positive,
  readConfig,
  secretFile,
  url,
  type Environment,
  type Given,
} from '@sluice/config';
import { readPrivateKey } from '@sluice/callers';
import { ceilingOf } from '@sluice/ceilings';
import {
  CONNECTOR_SETTINGS,
  connectorRules,
  refusalLookup,
  tooShortFor,
} from '@sluice/connector-engine';
import { parseChains, type ChainSettings } from '@sluice/evm';
import { currencyOf } from '@sluice/money';
import { payableAssets } from './venue/wallet.assets.js';
import { HONOURED, LISTED, WALLET_RATE_RULES } from './venue/wallet.capabilities.js';

export type EvmConfig = ReturnType<typeof evmConfig>;

/** Throws one ConfigError that names every fault. */
export const evmConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...CONNECTOR_SETTINGS,
      refusalLookupAfterMs: refusalLookup(LISTED),
      /** JSON list of chains: nodes, finality, fees, tokens, our addresses. Nodes' addresses may hold keys. */
      chains: fromFile('EVM_CHAINS', parseChains),
      signerUrl: url('SIGNER_URL'),
      /** By which the signer knows this service. */
      serviceKey: secretFile('SERVICE_KEY', {
        fileInProduction: true,
        parse: (value) => (readPrivateKey(value), value),
      }),
      /** How many orders are signed and sent at once; a batch of them shares its statements. */
      concurrency: positive('SUBMIT_CONCURRENCY', 256),
      /** A nonce that was taken and is not used for so long, while later ones are, is given up. */
      voidAfterMs: positive('VOID_AFTER_MS', 60_000),
    },
    [
      ...connectorRules(WALLET_RATE_RULES),
      (given) => tooShortFor(HONOURED, LISTED, given),
      signerInClear,
      nodesInClear,
      worthNotStated,
    ],
  );

interface Asked {
  readonly nodeEnv: string;
  readonly signerUrl: string;
  readonly tlsElsewhere: boolean;
  readonly chains: readonly ChainSettings[];
}

/** Who answers in its place could learn what is paid, and hold it up. */
function signerInClear({
  config: { nodeEnv, signerUrl = '', tlsElsewhere },
}: Given<Asked>): readonly string[] {
  if (nodeEnv !== 'production' || tlsElsewhere === true || !URL.canParse(signerUrl)) return [];
  const { protocol, hostname } = new URL(signerUrl);
  return protocol === 'http:' && !isLoopback(hostname)
    ? ['SIGNER_URL must begin with https:// in production']
    : [];
}

/** The start refuses what the first order would otherwise find out. The signer has its own sentence for the caps of gas. */
function worthNotStated({ config: { chains = [] } }: Given<Asked>): readonly string[] {
  return [...payableAssets(chains).values()]
    .filter(({ asset, unitWorthEur }) => ceilingOf(currencyOf(asset), {}, unitWorthEur) === null)
    .map(
      ({ asset }) =>
        `EVM_CHAINS: no release has a ceiling of ${asset}: set its unitWorthEur, what one unit is worth in EUR`,
    );
}

/** Who answers in a node's place says which payments are final: no mesh and no host of its own makes that safe. No URL is quoted, it may hold a key. */
function nodesInClear({ config: { nodeEnv, chains = [] } }: Given<Asked>): readonly string[] {
  if (nodeEnv !== 'production') return [];
  return chains.flatMap(({ network, rpcUrls }) =>
    rpcUrls.flatMap((one, index) =>
      new URL(one).protocol === 'https:'
        ? []
        : [`EVM_CHAINS: rpcUrls[${index}] of ${network} must begin with https:// in production`],
    ),
  );
}
