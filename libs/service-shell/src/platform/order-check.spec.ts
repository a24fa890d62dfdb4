import { register } from 'prom-client';
import { OrderCheck } from './order-check.js';

const counted = async () =>
  (await register.getSingleMetric('sluice_order_mismatches_total')?.get())?.values.find(
    ({ labels }) => labels['noticed_by'] === 'ledger',
  );

describe('sluice_order_mismatches_total', () => {
  it('begins at 0 for each place of detection, so that the first mismatch is an increase', async () => {
    const text = await register.getSingleMetricAsString('sluice_order_mismatches_total');
    for (const detector of ['intake-api', 'ledger', 'connector'])
      expect(text).toContain(`{noticed_by="${detector}"} 0`);
  });
});

describe('OrderCheck', () => {
  const check = new OrderCheck<{ id: string; wrong?: boolean }>('ledger', ({ wrong }) =>
    wrong ? 'its digest differs' : null,
  );

  it('lets a batch pass of which every order is as it was given', () => {
    expect(() => check.require([{ id: '1' }, { id: '2' }])).not.toThrow();
  });

  it('fails a batch with one that is not, and counts it once when it is alone, however often it is tried', async () => {
    const bad = { id: '3', wrong: true };
    for (const batch of [[{ id: '1' }, bad], [bad], [bad]])
      expect(() => check.require(batch)).toThrow('its digest differs');

    expect((await counted())?.value).toBe(1);
  });
});
