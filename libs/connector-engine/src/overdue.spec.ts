import { SUBMISSION_LIMITS } from '@sluice/connector-rules';
import { limitTexts, operatorPage } from '@sluice/test-kit';
import { OVERDUE_GAUGE } from './overdue.js';

describe('submissions that stay in a state for too long', () => {
  it.each(Object.entries(SUBMISSION_LIMITS).filter(([, limit]) => limit !== null))(
    '%s is looked for by the metric',
    (state) => {
      expect(OVERDUE_GAUGE.sql).toContain(`s.state = '${state}' AND`);
    },
  );

  it.each([...limitTexts('submission', SUBMISSION_LIMITS), '`nothing-overdue` (submissions'])(
    'docs/operations/monitoring.md has: %s',
    (text) => {
      expect(operatorPage('monitoring')).toContain(text);
    },
  );
});
