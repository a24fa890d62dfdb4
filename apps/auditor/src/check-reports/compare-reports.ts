import { ENTRY_MISSING } from '../audit-entries/entry-sql.js';
import { compareDemands } from '../demands/compare-demands.js';
import { servicesOfVenues } from './report-rows.js';
import { CHECK_MISSED, FORGET_PROCESSES } from './report-sql.js';

/** A query in the transaction of the comparison. */
type RunStatement = (sql: string, params?: readonly unknown[]) => Promise<unknown>;

const OF_VENUES = servicesOfVenues();

/** Opens the conditions of missed checks, finds missing audit entries, and compares the approvals. */
export async function compareReports(query: RunStatement): Promise<void> {
  await query(CHECK_MISSED, OF_VENUES);
  await query(FORGET_PROCESSES);
  await query(ENTRY_MISSING, OF_VENUES);
  await compareDemands(query, OF_VENUES);
}
