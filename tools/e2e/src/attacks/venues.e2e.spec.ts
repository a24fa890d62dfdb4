import { numberOf, toAddress } from '../testkit/customer.js';
import { AttackedSystem } from './testkit/attacked-system.js';

/** Response of each venue to an insufficient balance. */
const POOR = {
  gateio: ['POST /withdrawals', 400, { label: 'BALANCE_NOT_ENOUGH', message: 'not enough' }],
} as const;

describe('a venue that lies', () => {
  let target: AttackedSystem;
  beforeAll(async () => {
    target = await AttackedSystem.start('bybit', 'bitmart');
  });
  afterAll(() => target.stop());

  it('pays and reports a refusal: no other venue pays, and a case names the payment', async () => {
    const [endpoint, http_status, body] = POOR.gateio;
    await target.sluice.venue.arm(endpoint, 'accept_then_answer', {
      http_status,
      body: JSON.stringify(body),
    });

    const noticed = await target.survives(() => target.asks());

    expect(noticed.join('\n')).toMatch(/paid_though_refused|needs_decision|break/);
  });

  it('pays again after people have lifted the halts', async () => {
    await target.liftHalts();
    const answered = await target.customer.post(toAddress());
    expect((await target.customer.isFinal(numberOf(answered), 60_000)).state).toBe('completed');
  });
});
