import { register } from 'prom-client';
import { aStored } from '../../testkit/a-withdrawal.js';
import { measureSteps } from './batch-changes.js';

describe('measureSteps', () => {
  it('begins the count of each outcome at 0', async () => {
    const name = 'sluice_withdrawals_ended_total';
    for (const outcome of ['completed', 'failed', 'rejected', 'cancelled'])
      expect(await register.getSingleMetricAsString(name)).toContain(`{outcome="${outcome}"} 0`);
  });

  it('measures how long each state lasted, and the whole once it has ended', async () => {
    const since = new Date('2026-11-20T08:00:01.000Z');
    const at = new Date('2026-11-20T08:00:04.000Z');
    const [under, ended] = [
      aStored({}, { state: 'submitting' }),
      aStored({}, { state: 'completed' }),
    ];

    measureSteps([
      { state: 'requested', since, at, after: under },
      { state: 'capturing', since: at, at: since, after: ended },
    ]);

    const text = await register.metrics();
    const steps = 'sluice_withdrawal_step_duration_seconds_sum';
    expect(text).toContain(`${steps}{state="requested",venue="gateio"} 3`);
    expect(text).toContain(`${steps}{state="capturing",venue="gateio"} 0`); // the clock was set back
    expect(text).toContain(
      'sluice_withdrawal_duration_seconds_count{outcome="completed",venue="gateio"} 1',
    );
    expect(text).toContain('sluice_withdrawals_ended_total{outcome="completed"} 1');
    expect(text).not.toContain('outcome="submitting"');
  });
});
