import { Counter } from 'prom-client';
import { startAtZero } from '../metrics/start-at-zero.js';

const forged = new Counter({
  name: 'sluice_forged_records_total',
  help: 'Lifts, closings and approvals in the database without a valid seal. Any value other than 0 is an incident',
  labelNames: ['table'],
});

startAtZero(forged, {
  table: [
    'halt',
    'break',
    'book_halt',
    'approval',
    'policy_set',
    'policy_price',
    'approval_case',
    'approval_vote',
    'passkey',
  ],
});

/** Counts a row that states a decision of people and that no process of this service has sealed. */
export function countForgedRecord(table: string): void {
  forged.inc({ table });
}
