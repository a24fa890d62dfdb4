import {
  type AddedAsset,
  chainFault,
  chainNames,
  isUnknownName,
  recordedCurrency,
  recordedNetwork,
} from './capabilities.js';

const BUILT_IN = { ETH: 'ETH', ARB: 'ARBEVM' };
const added = (asset: AddedAsset['asset'], code: string): AddedAsset => ({
  asset,
  code,
  payable: true,
  unitWorthEur: null,
});
const BASE = added('USDC.BASE', 'BASEEVM');

describe('the names of chains', () => {
  it('are those that are built in and those that were added, each way', () => {
    const names = chainNames(BUILT_IN, [BASE, added('USDC.ETH', 'OTHER')]);
    expect(['ARB', 'BASE', 'ETH', 'SOL'].map(names.chainOf)).toEqual([
      'ARBEVM',
      'BASEEVM',
      'ETH',
      undefined,
    ]);
    expect(['ARBEVM', 'BASEEVM', 'OTHER'].map(names.networkOf)).toEqual(['ARB', 'BASE', undefined]);
  });

  it('are read in any case, by every name of a network of this venue', () => {
    const names = chainNames({ TRX: 'TRX', BSC: 'BSC', ARB: 'ARBI' }, [
      added('USDT.TRON2', 'TRC20'),
      added('ETH.OPTIMISM', 'OPT'),
    ]);

    const read = (chain: string) => recordedNetwork(chain, names);
    expect(['trx', 'Tron', 'bep20', 'arbi', 'Arbitrum One', 'opt'].map(read)).toEqual([
      'TRX',
      'TRX',
      'BSC',
      'ARB',
      'ARB',
      'OPTIMISM',
    ]);
    expect(read('TRC20')).toBe('TRON2');
    expect(read('OP')).toBe('OPTIMISM');
    expect(['SOL', 'ERC20', '', 'toString'].map(read)).toEqual([
      '?SOL',
      '?ERC20',
      '?',
      '?toString',
    ]);
    expect(isUnknownName(read('SOL'))).toBe(true);
  });

  it.each([
    ['usdt', 'USDT'],
    [' Usdc ', 'USDC'],
    ['1INCH', '1INCH'],
    ['', '?'],
    ['US.DT', '?US_DT'],
    ['uſdt', '?uſdt'],
  ])('a coin named "%s" is %s', (coin, currency) => expect(recordedCurrency(coin)).toBe(currency));

  it.each<[string, AddedAsset, string | null]>([
    ['a new chain', added('SOL.SOL', 'SOL'), null],
    ['the chain of a network that is built in', added('PEPE.ARB', 'ARBEVM'), null],
    ['another chain of it', added('PEPE.ARB', 'ARB'), 'The chain of ARB is ARBEVM here'],
    [
      'another chain of one that was added',
      added('X.BASE', 'B'),
      'The chain of BASE is BASEEVM here',
    ],
    ['a chain of another network', added('X.NEW', 'ARBEVM'), 'The chain ARBEVM is that of ARB'],
  ])('may be given to an asset: %s', (_what, asset, fault) => {
    expect(chainFault(BUILT_IN, asset, [BASE])).toBe(fault);
  });
});
