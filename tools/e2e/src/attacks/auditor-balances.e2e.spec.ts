import { eventually } from '@sluice/test-kit';
import { numberOf, toAddress } from '../testkit/customer.js';
import { AttackedSystem, THIEF } from './testkit/attacked-system.js';
import { Foothold } from './testkit/foothold.js';

const MINUTE = { withinMs: 60_000, everyMs: 250 };

describe('attacks that a venue’s record hides', () => {
  let target: AttackedSystem;
  let auditor: Foothold;
  beforeAll(async () => {
    target = await AttackedSystem.start();
    auditor = new Foothold(target.sluice.system, 'auditor');
  });
  afterAll(async () => {
    await auditor.stop();
    await target.stop();
  });

  const findings = () => target.sluice.admin.auditor.findings();

  it('pays a thief by the venue’s API while its record lists nothing: the auditor finds the missing balance', async () => {
    const answered = await target.customer.post(toAddress());
    await target.customer.isFinal(numberOf(answered), 60_000);
    await eventually(
      async () =>
        expect(await auditor.sql(`SELECT FROM venue_balance WHERE currency = 'USDT'`)).toHaveLength(
          1,
        ),
      MINUTE,
    );
    expect(await findings()).toEqual([]);
    await target.sluice.venue.settings({ listing_delay_ms: 86_400_000 });

    const sinceMs = Date.now();
    await target.steals('5001');
    await eventually(
      async () =>
        expect(await findings()).toContainEqual(
          expect.objectContaining({ kind: 'balance_apart', scope: 'venue', target: 'gateio' }),
        ),
      MINUTE,
    );

    const seconds = (Date.now() - sinceMs) / 1000;
    const stolen = (await target.sluice.venue.payments()).filter(
      ({ destination }) => destination.toLowerCase() === THIEF,
    );
    process.stderr.write(
      `a theft hidden from the record: found after ${seconds.toFixed(1)} s; paid by then: ${stolen.map(({ net_amount: amount }) => amount).join(', ')} USDT\n`,
    );
    expect(stolen).toHaveLength(1);
    expect(seconds).toBeLessThan(60);
  });
});
