import { register } from 'prom-client';
import { PermitKeys } from '@sluice/signing';
import { Permits } from './permits.js';

describe('the counters of permits', () => {
  it('begin at 0 for the venue of the process, so that the first event is an increase', async () => {
    const line = () => undefined;
    new Permits({
      venue: 'testvenue',
      settings: { auditorPermits: 'required', auditorPublicKeys: new PermitKeys([]) },
      clocks: () => [0],
      logger: { warn: line, error: line },
    });

    for (const name of ['sluice_permits_refused_total', 'sluice_payments_without_permit_total'])
      expect(await register.getSingleMetricAsString(name)).toContain(
        `${name}{venue="testvenue"} 0`,
      );
  });
});
