import type { SnapshotQuery } from '../checks/in-snapshot.js';
import { servicesOfVenues } from './report-rows.js';
import { CHECK_MISSED, FORGET_PROCESSES } from './report-sql.js';

const OF_VENUES = servicesOfVenues();

/** Opens the conditions of missed checks. */
export async function compareReports(query: SnapshotQuery): Promise<void> {
  await query(CHECK_MISSED, OF_VENUES);
  await query(FORGET_PROCESSES);
}
