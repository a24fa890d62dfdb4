import { isObject } from '@sluice/kernel';
import { zeroAddress, type Address } from 'viem';
import { addressOf } from './address.js';
import type { ChainSettings, FeePolicy, Token, TopUpPolicy, Wallet } from './chain-settings.js';
import { FieldReader } from './field-reader.js';
import { DEFAULT_RECIPIENT_GAS, LEAST_RECIPIENT_GAS, MOST_RECIPIENT_GAS } from './recipient-gas.js';
import { NATIVE_DECIMALS, unitsOf, weiOfGwei } from './wei.js';

const NAME = /^[A-Z0-9_-]{1,32}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Minimum increase accepted by every pool as a replacement; some require 10 %, some an eighth. */
const LEAST_BUMP_PERCENT = 12.5;
const WORTH_DECIMALS = 18;

/**
 * Parses the JSON list of chains. Throws a single Error with every fault and the place of the
 * fault. URLs are never quoted, because they may hold a key.
 */
export function parseChains(text: string): readonly ChainSettings[] {
  const faults: string[] = [];
  const list = readList(text);
  const chains = list.map((entry, index) =>
    readChain(new FieldReader(entry, placeOf(entry, index), faults)),
  );
  const twice = [
    ...doubles(chains.map(({ network }) => network)).map(
      (name) => `network ${name} is there twice`,
    ),
    ...doubles(chains.map(({ chainId }) => chainId)).map((id) => `chainId ${id} is there twice`),
  ];
  if (faults.length > 0 || twice.length > 0) throw new Error([...faults, ...twice].join(', '));
  return chains;
}

function readList(text: string): readonly unknown[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw new Error('must be JSON');
  }
  if (!Array.isArray(list) || list.length === 0) throw new Error('must be a list of chains');
  return list as readonly unknown[];
}

/** Name of the entry in fault messages: the network, or the position if the network is missing. */
function placeOf(entry: unknown, index: number): string {
  const network = isObject(entry) ? entry['network'] : undefined;
  return typeof network === 'string' && NAME.test(network) ? network : `chain ${index + 1}`;
}

function readChain(chain: FieldReader): ChainSettings {
  const tokens = chain.list('tokens', 0).map(readToken);
  const wallets = chain.list('wallets', 1).map(readWallet);
  const topUps = chain.has('topUps') ? readTopUps(chain.object('topUps')) : undefined;
  const native = chain.object('native');
  const settings: ChainSettings = {
    network: chain.text('network', NAME, 'must be capital letters, digits, _ and -'),
    chainId: chain.whole('chainId', 1, Number.MAX_SAFE_INTEGER),
    rpcUrls: chain.texts('rpcUrls', isHttpUrl, 'must be URLs that begin with https:// or http://'),
    finality: readFinality(chain),
    ...(chain.has('depthWithoutFinalized') && {
      depthWithoutFinalized: chain.whole('depthWithoutFinalized', 1, 100_000),
    }),
    fees: readFees(chain.object('fees')),
    native: {
      currency: native.text('currency', NAME, 'must be a currency'),
      ...readWorth(native),
    },
    tokens,
    wallets,
    ...(topUps && { topUps }),
    ...(chain.has('gasPerTransaction') && {
      gasPerTransaction: coinsIn(chain, 'gasPerTransaction'),
    }),
    ...(chain.has('gasPerHour') && { gasPerHour: coinsIn(chain, 'gasPerHour') }),
  };
  native.end();
  chain.end();
  for (const fault of faultsOf(settings)) chain.fault(fault);
  return settings;
}

function readFinality(chain: FieldReader): ChainSettings['finality'] {
  const given = chain.value('finality');
  if (given === 'finalized') return given;
  if (!isObject(given)) {
    const why = given === 'safe' ? ': what safe means differs from node to node' : '';
    chain.fault(`finality must be "finalized" or {"confirmations": N}${why}`);
    return 'finalized';
  }
  const finality = chain.object('finality');
  const confirmations = finality.whole('confirmations', 1, 100_000);
  finality.end();
  return { confirmations };
}

function readFees(fees: FieldReader): FeePolicy {
  const gwei = (name: string) =>
    fees.text(
      name,
      (text) => weiOfGwei(text) !== null,
      'must be gwei as text with at most 9 decimals',
    );
  const policy = {
    maxFeeCapGwei: gwei('maxFeeCapGwei'),
    tipGwei: gwei('tipGwei'),
    bumpPercent: fees.number('bumpPercent', LEAST_BUMP_PERCENT, 1_000),
    stuckAfterBlocks: fees.whole('stuckAfterBlocks', 1, 100_000),
    recipientGasLimit: fees.has('recipientGasLimit')
      ? fees.whole('recipientGasLimit', LEAST_RECIPIENT_GAS, MOST_RECIPIENT_GAS)
      : DEFAULT_RECIPIENT_GAS,
  };
  fees.end();
  const [cap, tip] = [weiOfGwei(policy.maxFeeCapGwei) ?? 1n, weiOfGwei(policy.tipGwei) ?? 0n];
  if (cap === 0n) fees.fault('maxFeeCapGwei must be above zero');
  else if (tip > cap) fees.fault('tipGwei must be at most maxFeeCapGwei');
  return policy;
}

function readToken(token: FieldReader): Token {
  const read = {
    currency: token.text('currency', NAME, 'must be a currency'),
    address: readAddress(token),
    decimals: token.whole('decimals', 0, 36),
    ...readWorth(token),
  };
  token.end();
  return read;
}

function readWorth(of: FieldReader): { readonly unitWorthEur?: string } {
  if (!of.has('unitWorthEur')) return {};
  const unitWorthEur = of.text(
    'unitWorthEur',
    (text) => (unitsOf(text, WORTH_DECIMALS) ?? 0n) > 0n,
    `must be EUR above zero as text with at most ${WORTH_DECIMALS} decimals`,
  );
  return { unitWorthEur };
}

function readWallet(wallet: FieldReader): Wallet {
  const address = readAddress(wallet);
  const purpose = wallet.value('purpose');
  if (purpose !== 'hot' && purpose !== 'tank') wallet.fault('purpose must be "hot" or "tank"');
  const accountId = wallet.has('accountId')
    ? wallet.text('accountId', UUID, 'must be a UUID in lower case')
    : undefined;
  const firstNonce = wallet.has('firstNonce')
    ? wallet.whole('firstNonce', 0, Number.MAX_SAFE_INTEGER)
    : undefined;
  wallet.end();
  if (purpose === 'tank' && accountId !== undefined) wallet.fault('a tank is for no account');
  return {
    address,
    purpose: purpose === 'tank' ? 'tank' : 'hot',
    ...(accountId !== undefined && { accountId }),
    ...(firstNonce !== undefined && { firstNonce }),
  };
}

function readTopUps(topUps: FieldReader): TopUpPolicy {
  const policy = {
    below: coinsIn(topUps, 'below'),
    upTo: coinsIn(topUps, 'upTo'),
    mostPerDay: coinsIn(topUps, 'mostPerDay'),
  };
  topUps.end();
  const inWei = (text: string) => unitsOf(text, NATIVE_DECIMALS) ?? 0n;
  if (inWei(policy.upTo) < inWei(policy.below)) topUps.fault('upTo must be at least below');
  return policy;
}

function coinsIn(of: FieldReader, name: string): string {
  return of.text(
    name,
    (text) => (unitsOf(text, NATIVE_DECIMALS) ?? 0n) > 0n,
    'must be an amount above zero as text',
  );
}

/**
 * Reads an address. Only the checksummed form is accepted, because a typo in the file would lose
 * all coins sent to the address.
 */
function readAddress(of: FieldReader): Address {
  const text = of.text('address', isChecked, 'must be an address with its checksum (ERC-55)');
  return addressOf(text) ?? zeroAddress;
}

function isChecked(text: string): boolean {
  return addressOf(text) === text && text !== zeroAddress;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Lists contradictions between the settings. */
function faultsOf({ native, tokens, wallets, topUps }: ChainSettings): readonly string[] {
  const tanks = wallets.filter(({ purpose }) => purpose === 'tank').length;
  const currencies = [native.currency, ...tokens.map(({ currency }) => currency)];
  const addresses = [...tokens, ...wallets].map(({ address }) => address);
  return [
    ...doubles(currencies).map((currency) => `currency ${currency} is there twice`),
    ...doubles(addresses).map((address) => `address ${address} is there twice`),
    ...(tanks === wallets.length ? ['wallets must have one with the purpose "hot"'] : []),
    ...(tanks > 1 ? ['wallets may have one tank'] : []),
    ...(topUps !== undefined && tanks === 0
      ? ['topUps needs a wallet with the purpose "tank"']
      : []),
  ];
}

function doubles<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
