import { formFor, type AddedAsset, type FormCapabilities } from '@sluice/connector-rules';
import { Ceilings } from '../ceilings/ceilings.js';
import { VenueAssets } from './venue-assets.js';

const form = (change: Partial<FormCapabilities>) =>
  ({
    form: 'chain',
    destination: 'address',
    accountKinds: [],
    assets: ['USDT.ETH'],
    ...change,
  }) as FormCapabilities;
const FORMS = [form({}), form({ form: 'bank', destination: 'reference_account' })];
const PEPE: AddedAsset = { asset: 'PEPE.ETH', code: 'ETH', payable: true, unitWorthEur: '0.01' };
const ADDRESS = { type: 'address', address: '0x1' } as const;

describe('what a venue pays', () => {
  it('is more for whoever holds its capabilities as soon as something is added, but for a bank', () => {
    const assets = new VenueAssets({ venue: 'v', forms: FORMS });
    const { capabilities } = assets;
    const [chain, bank] = capabilities.forms;
    expect(formFor(capabilities, 'PEPE.ETH', ADDRESS)).toBeNull();

    assets.replace([PEPE]);

    expect([chain?.assets, bank?.assets, capabilities.added]).toEqual([
      ['USDT.ETH', 'PEPE.ETH'],
      ['USDT.ETH'],
      [PEPE],
    ]);
    expect(formFor(capabilities, 'PEPE.ETH', ADDRESS)).toBe(chain);
  });

  it('is not what is not payable, though its name is known', () => {
    const assets = new VenueAssets({ venue: 'v', forms: FORMS });
    assets.replace([{ ...PEPE, payable: false }]);
    expect(formFor(assets.capabilities, 'PEPE.ETH', ADDRESS)).toBeNull();
    expect(assets.capabilities.added).toMatchObject([{ asset: 'PEPE.ETH', code: 'ETH' }]);
  });

  it('has a ceiling as soon as it is added, by what it is worth', () => {
    const assets = new VenueAssets({ venue: 'v', forms: FORMS });
    const ceilings = new Ceilings(assets.capabilities, {});
    expect(Object.keys(ceilings.byAsset)).toEqual(['USDT.ETH']);

    assets.replace([PEPE]);

    expect(ceilings.byAsset['PEPE.ETH']).toEqual({
      call: '1000000',
      hour: '10000000',
      day: '50000000',
    });
  });
});
