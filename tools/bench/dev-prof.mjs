import { mkdtempSync, chmodSync, readFileSync, rmSync } from 'node:fs';
import { startSystem, layoutOf } from '@sluice/stack';
import pg from 'pg';
import { Load } from './dist/load.js';
import { usageOf } from './dist/process-usage.js';
const rate = Number(process.argv[2] ?? 300), secs = Number(process.argv[3] ?? 15), prof = process.argv[4];
const home = mkdtempSync('/tmp/sluice-prof-'); chmodSync(home, 0o711);
const env = {};
import { writeFileSync } from 'node:fs';
async function attach(pid) { process.kill(pid, 'SIGUSR1'); let list; for (let i = 0; i < 50; i++) { try { list = await (await fetch('http://127.0.0.1:9229/json')).json(); break; } catch { await new Promise(r => setTimeout(r, 100)); } } const ws = new WebSocket(list[0].webSocketDebuggerUrl); await new Promise(r => ws.onopen = r); let n = 0; const pending = new Map(); ws.onmessage = (m) => { const d = JSON.parse(m.data); pending.get(d.id)?.(d.result); }; const send = (method, params) => new Promise(r => { pending.set(++n, r); ws.send(JSON.stringify({ id: n, method, params })); }); await send('Profiler.enable'); await send('Profiler.setSamplingInterval', { interval: 500 }); await send('Profiler.start'); return async () => { const { profile } = await send('Profiler.stop'); writeFileSync('/tmp/prof.cpuprofile', JSON.stringify(profile)); ws.close(); }; }
const system = await startSystem({ home, pace: 'fast', logLevel: 'warn', environment: env });
const secrets = JSON.parse(readFileSync(home + '/secrets.json'));
const url = new URL(system.run.databases.intake); url.username = 'postgres'; url.password = secrets.postgres ?? ''; 
const admin = async (db, q) => { const u = new URL(url); u.pathname = db; const c = new pg.Client({ connectionString: u.href }); c.on('error', () => {}); await c.connect(); try { return (await c.query(q)).rows; } finally { await c.end(); } };
try {
  await admin('postgres', `ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`); await admin('postgres', `ALTER SYSTEM SET pg_stat_statements.track_planning = on`);
  await system.restart('postgres'); await new Promise(r => setTimeout(r, 4000)); await system.untilReady('postgres');
  for (const s of ['ledger','intake-api','connector-gateio']) { await system.untilReady(s); }
  await new Promise(r => setTimeout(r, 2000));
  await admin('postgres', 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  const load = await Load.prepare(system.run);
  await load.run(100, 5);
  await admin('postgres', 'SELECT pg_stat_statements_reset()');
  const pids = () => ({ ...system.run.processes, generator: process.pid });
  const before = usageOf(pids());
  const wal0 = (await admin('postgres', 'select pg_current_wal_lsn() - \'0/0\' as b'))[0].b;
  const stopProf = prof ? await attach(system.run.processes[prof]) : async () => {};
  const r = await load.run(rate, secs); await stopProf();
  const after = usageOf(pids());
  const wal1 = (await admin('postgres', 'select pg_current_wal_lsn() - \'0/0\' as b'))[0].b;
  console.log(JSON.stringify(r));
  console.log('cpu ms each', Object.fromEntries(Object.entries(after).map(([n, u]) => [n, +((u.cpuMs - before[n].cpuMs) / r.captured).toFixed(3)])), 'total', (Object.entries(after).reduce((s, [n, u]) => s + u.cpuMs - before[n].cpuMs, 0) / r.captured).toFixed(2), 'wal/w', ((wal1 - wal0) / r.captured).toFixed(0));
  const rows = await admin('postgres', `select d.datname, calls, rows, round(total_exec_time::numeric,0) exec, round(total_plan_time::numeric,0) plan, left(regexp_replace(query, '\\s+', ' ', 'g'), 110) q from pg_stat_statements s join pg_database d on d.oid = s.dbid order by total_exec_time + total_plan_time desc limit 34`);
  let te=0,tp=0; for (const x of rows) { te+=+x.exec; tp+=+x.plan; console.log(x.datname.padEnd(10).slice(0,10), String(x.calls).padStart(6), String(x.rows).padStart(7), String(x.exec).padStart(6), String(x.plan).padStart(5), x.q); }
  console.log('sum exec', te, 'plan', tp, 'per w', ((te + tp) / r.captured).toFixed(3));
  const tot = (await admin('postgres', `select sum(calls) c, sum(total_exec_time) e, sum(total_plan_time) p from pg_stat_statements`))[0]; console.log(tot);
  await load.close();
} finally { await system.stop(); rmSync(home, { recursive: true, force: true }); }
process.exit(0);
