import { Counter } from 'prom-client';

const forged = new Counter({
  name: 'sluice_forged_records_total',
  help: 'Lifts, closings and approvals in the database without a valid seal. Any value other than 0 is an incident',
  labelNames: ['table'],
});

// A series that begins with 0 shows its first increase to the alert.
for (const table of ['halt', 'break', 'book_halt', 'approval']) forged.inc({ table }, 0);

/** Counts a row that states a decision of people and that no process of this service has sealed. */
export function countForgedRecord(table: string): void {
  forged.inc({ table });
}
