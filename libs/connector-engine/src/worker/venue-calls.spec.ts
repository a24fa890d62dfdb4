import { register } from 'prom-client';
import { countSubmit, startSubmitCounts } from './venue-calls.js';

describe('sluice_submits_total', () => {
  it('begins at 0 for each outcome of an endpoint of the connector, and of no other', async () => {
    const exposed = () => register.getSingleMetricAsString('sluice_submits_total');
    expect(await exposed()).not.toContain('endpoint=');

    startSubmitCounts('POST /pay');
    for (const outcome of ['accepted', 'refused', 'not_sent', 'unknown', 'repeat_unknown'])
      expect(await exposed()).toContain(`{endpoint="POST /pay",outcome="${outcome}"} 0`);

    const evidence = { status: null, body: '' };
    countSubmit('POST /pay', { kind: 'unknown', cause: 'no answer', evidence }, false);
    expect(await exposed()).toContain('{endpoint="POST /pay",outcome="unknown"} 1');
  });
});
