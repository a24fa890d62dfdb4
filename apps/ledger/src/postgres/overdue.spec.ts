import { HOLD_LIMITS } from '@sluice/ledger-core';
import { limitTexts, operatorPage } from '@sluice/test-kit';

it.each(limitTexts('hold', HOLD_LIMITS))('docs/operations/monitoring.md has: %s', (text) => {
  expect(operatorPage('monitoring')).toContain(text);
});
