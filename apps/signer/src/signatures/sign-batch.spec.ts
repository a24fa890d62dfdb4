import { register } from 'prom-client';
import { countAnswer } from './sign-batch.js';

describe('sluice_signer_answers_total', () => {
  it('begins at 0 for each kind and answer, so that the first refusal is an increase', async () => {
    const exposed = () => register.getSingleMetricAsString('sluice_signer_answers_total');
    for (const kind of ['payment', 'void', 'top_up'])
      for (const answer of ['signed', 'receipt_wrong', 'digest_wrong', 'withdrawal_closed'])
        expect(await exposed()).toContain(`{kind="${kind}",answer="${answer}"} 0`);

    countAnswer('payment', 'receipt_wrong');
    expect(await exposed()).toContain('{kind="payment",answer="receipt_wrong"} 1');
  });
});
