import { permitsCheck } from './permits.check.js';

describe('the self-check of permits', () => {
  it('finds nothing if permits are required', async () => {
    expect(await permitsCheck({ areRequired: true }).look()).toEqual({});
  });

  it('names the risk in money if permits are advisory', async () => {
    const { findings = [] } = await permitsCheck({ areRequired: false }).look();

    expect(findings).toEqual([
      expect.objectContaining({
        code: 'permits-advisory',
        follows: expect.stringContaining('up to the ceiling of each asset per hour and day'),
      }),
    ]);
  });
});
