import {
  ACTION_WITHOUT_APPROVAL,
  APPROVAL_WITHOUT_ENTRY,
  APPROVAL_WITHOUT_REQUEST,
} from './demand-sql.js';
import { APPROVAL_ROUTE, TWO_PEOPLE_ROUTES } from './two-people-routes.js';

/** A query in the transaction of the comparison. */
type RunStatement = (sql: string, params?: readonly unknown[]) => Promise<unknown>;

/** Services about one venue, and their venues. */
type ServicesOfVenues = readonly [readonly string[], readonly string[]];

const ROUTES = [
  TWO_PEOPLE_ROUTES.map(({ route }) => route),
  TWO_PEOPLE_ROUTES.map(({ action }) => action),
  APPROVAL_ROUTE,
];

/** Compares demands, approvals and audit entries of people with each other. */
export async function compareDemands(
  query: RunStatement,
  ofVenues: ServicesOfVenues,
): Promise<void> {
  await query(APPROVAL_WITHOUT_REQUEST, ofVenues);
  await query(APPROVAL_WITHOUT_ENTRY, ofVenues);
  await query(ACTION_WITHOUT_APPROVAL, [...ofVenues, ...ROUTES]);
}
