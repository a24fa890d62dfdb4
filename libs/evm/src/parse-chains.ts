import { type Address, zeroAddress } from 'viem';
import { isObject } from '@sluice/kernel';
import {
  addressOf,
  type ChainSettings,
  DEFAULT_RECIPIENT_GAS,
  type FeePolicy,
  LEAST_RECIPIENT_GAS,
  MOST_RECIPIENT_GAS,
  NATIVE_DECIMALS,
  type Token,
  type TopUpPolicy,
  unitsOf,
  type Wallet,
  weiOfGwei,
} from './chain-settings.js';

const NAME = /^[A-Z0-9_-]{1,32}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Minimum increase accepted by every pool as a replacement; some require 10 %, some an eighth. */
const LEAST_BUMP_PERCENT = 12.5;
const WORTH_DECIMALS = 18;

/**
 * Parses the list of chains. Throws one Error with every fault. URLs may hold a key and are not
 * quoted.
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

/** Reads a checksummed address: a typo would lose all coins sent there. */
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

type FieldReaderCheck = RegExp | ((text: string) => boolean);

/** Reads an object of a settings file. A fault is added to `faults`, and a harmless value returned. */
class FieldReader {
  private readonly fields: Readonly<Record<string, unknown>>;
  private readonly read = new Set<string>();

  constructor(
    given: unknown,
    private readonly place: string,
    private readonly faults: string[],
  ) {
    this.fields = isObject(given) ? given : {};
    if (!isObject(given)) this.faults.push(`${place} must be an object`);
  }

  fault(sentence: string): void {
    this.faults.push(`${this.place}: ${sentence}`);
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined;
  }

  value(name: string): unknown {
    this.read.add(name);
    return this.fields[name];
  }

  text(name: string, check: FieldReaderCheck, expected: string): string {
    const value = this.value(name);
    if (typeof value === 'string' && passes(value, check)) return value;
    this.fault(`${name} ${expected}`);
    return '';
  }

  texts(name: string, check: FieldReaderCheck, expected: string): readonly string[] {
    const list = this.many(name, 1);
    const texts = list.filter((one) => typeof one === 'string');
    if (texts.length < list.length || !texts.every((one) => passes(one, check)))
      this.fault(`${name} ${expected}`);
    if (new Set(texts).size < texts.length) this.fault(`${name} has one twice`);
    return texts;
  }

  number(name: string, least: number, most: number): number {
    const value = this.value(name);
    if (typeof value === 'number' && value >= least && value <= most) return value;
    this.fault(`${name} must be a number from ${least} to ${most}`);
    return least;
  }

  whole(name: string, least: number, most: number): number {
    const value = this.value(name);
    if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most)
      return Number(value);
    this.fault(`${name} must be a whole number from ${least} to ${most}`);
    return least;
  }

  object(name: string): FieldReader {
    return new FieldReader(this.value(name), `${this.place} ${name}`, this.faults);
  }

  list(name: string, least: number): readonly FieldReader[] {
    return this.many(name, least).map(
      (one, index) => new FieldReader(one, `${this.place} ${name}[${index}]`, this.faults),
    );
  }

  /** Must be called after the last field: any unread field is reported as misspelt. */
  end(): void {
    for (const name of Object.keys(this.fields))
      if (!this.read.has(name)) this.fault(`${name} is no field`);
  }

  private many(name: string, least: number): readonly unknown[] {
    const value = this.value(name);
    if (Array.isArray(value) && value.length >= least) return value as readonly unknown[];
    this.fault(`${name} must be a list${least > 0 ? ' with at least one entry' : ''}`);
    return [];
  }
}

function passes(text: string, check: FieldReaderCheck): boolean {
  return check instanceof RegExp ? check.test(text) : check(text);
}
