import {
  constant,
  fromFile,
  isLoopback,
  readConfig,
  secretFile,
  url,
  type Environment,
  type RuleInput,
} from '@sluice/runtime';
import { readPrivateKey } from '@sluice/service-shell';
import { ceilingOf, currencyOf } from '@sluice/kernel';
import {
  CONNECTOR_SETTINGS,
  connectorRules,
  refusalLookup,
  tooShortFor,
  venueAccount,
} from '@sluice/connector-engine';
import { WALLET } from '@sluice/messages';
import { parseChains, type ChainSettings } from '@sluice/evm';
import { payableAssets } from './chain/chain.js';
import { HONOURED, LISTED, WALLET_RATE_RULES } from './venue/wallet.capabilities.js';

export type EvmConfig = ReturnType<typeof evmConfig>;

export const evmConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...CONNECTOR_SETTINGS,
      venueAccount: venueAccount(WALLET),
      refusalLookupAfterMs: refusalLookup(LISTED),
      /** JSON list of chains: nodes, finality, fees, tokens, our addresses. Nodes' addresses may hold keys. */
      chains: fromFile('EVM_CHAINS', parseChains),
      signerUrl: url('SIGNER_URL'),
      /** Private key of this service for authentication at the signer. */
      serviceKey: secretFile('SERVICE_KEY', {
        fileInProduction: true,
        parse: (value) => (readPrivateKey(value), value),
      }),
      /** An unused nonce is voided after this time: it blocks all later nonces of its address. */
      voidAfterMs: constant(60_000),
    },
    [
      ...connectorRules(WALLET_RATE_RULES),
      (given) => tooShortFor(HONOURED, LISTED, given),
      signerInClear,
      nodesInClear,
      worthNotStated,
    ],
  );

interface RequestedSettings {
  readonly nodeEnv: string;
  readonly signerUrl: string;
  readonly tlsElsewhere: boolean;
  readonly chains: readonly ChainSettings[];
}

/** Requires TLS to the signer in production. A false signer could read payments, and delay them. */
function signerInClear({
  config: { nodeEnv, signerUrl = '', tlsElsewhere },
}: RuleInput<RequestedSettings>): readonly string[] {
  if (nodeEnv !== 'production' || tlsElsewhere === true || !URL.canParse(signerUrl)) return [];
  const { protocol, hostname } = new URL(signerUrl);
  return protocol === 'http:' && !isLoopback(hostname)
    ? ['SIGNER_URL must begin with https:// in production']
    : [];
}

/** Refuses the start if an asset has neither a built-in ceiling nor a configured value. */
function worthNotStated({
  config: { chains = [] },
}: RuleInput<RequestedSettings>): readonly string[] {
  return [...payableAssets(chains).values()]
    .filter(({ asset, unitWorthEur }) => ceilingOf(currencyOf(asset), {}, unitWorthEur) === null)
    .map(
      ({ asset }) =>
        `EVM_CHAINS: no release has a ceiling of ${asset}: set its unitWorthEur, what one unit is worth in EUR`,
    );
}

/**
 * Requires TLS to each node in production: a false node could declare payments final. URLs are not
 * quoted, because they may hold a key.
 */
function nodesInClear({
  config: { nodeEnv, chains = [] },
}: RuleInput<RequestedSettings>): readonly string[] {
  if (nodeEnv !== 'production') return [];
  return chains.flatMap(({ network, rpcUrls }) =>
    rpcUrls.flatMap((one, index) =>
      new URL(one).protocol === 'https:'
        ? []
        : [`EVM_CHAINS: rpcUrls[${index}] of ${network} must begin with https:// in production`],
    ),
  );
}
