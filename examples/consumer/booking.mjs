// What this service makes of the events of withdrawals: a history of every step, and what was paid out in each currency.
import pg from 'pg';
import { CONSUMER_TABLES_SQL, onceInOrder } from '@sluice/consumer-kit';

/** In earnest a migration of yours; here whoever starts first makes them. */
const TABLES = `
  SELECT pg_advisory_xact_lock(1);
  ${CONSUMER_TABLES_SQL}
  CREATE TABLE IF NOT EXISTS history (
    withdrawal_id text NOT NULL, status text NOT NULL, via text NOT NULL, event_id text NOT NULL);
  CREATE TABLE IF NOT EXISTS paid_out (
    currency text PRIMARY KEY, amount numeric NOT NULL, payments integer NOT NULL)`;

/** The sum has no key that would stop a second booking: it is right because each event has its effect once. */
const ADD = `
  INSERT INTO paid_out AS p (currency, amount, payments)
  SELECT currency, sum(amount), count(*) FROM unnest($1::text[], $2::numeric[]) AS paid (currency, amount)
   GROUP BY currency ORDER BY currency
      ON CONFLICT (currency) DO UPDATE SET amount = p.amount + excluded.amount, payments = p.payments + excluded.payments`;
const NOTE = `
  INSERT INTO history (withdrawal_id, status, via, event_id)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])`;

export async function openBook(connectionString) {
  const pool = new pg.Pool({ connectionString });
  pool.on('error', (error) => console.error('a connection ended', error.message));
  await pool.query(TABLES);
  return pool;
}

/** One transaction: which events are new, and their effect. Throws with nothing done; then the events have to come again. */
export async function book(pool, events) {
  const client = await pool.connect();
  let broken;
  try {
    await client.query('BEGIN');
    const { fresh, late, gaps } = await onceInOrder(client, 'bookkeeping', events);
    const seen = [...fresh, ...late]; // a history wants both; how things stand, the fresh ones alone
    await client.query(NOTE, columns(seen, 'withdrawalId', 'status', 'via', 'id'));
    const paid = fresh.filter(({ status }) => status === 'confirmed');
    await client.query(ADD, columns(paid, 'currency', 'amount'));
    await client.query('COMMIT');
    for (const gap of gaps) console.error('steps are missing so far', JSON.stringify(gap));
  } catch (error) {
    broken = error; // a connection in the middle of a transaction goes to nobody else
    throw error;
  } finally {
    client.release(broken);
  }
}

function columns(events, ...names) {
  return names.map((name) => events.map((event) => event[name]));
}
