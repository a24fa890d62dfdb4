// Runs a test runner to completion. The process may end later than the runner.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 250;
/** Processes started by the runner may hold the runner's output open after the runner's end. */
const LAST_WORDS_MS = 500;

/**
 * Returns the end of the process and the stderr output (null if shown immediately). A runner with a
 * written report has finished. If the runner does not end within `graceMs` of the report, the
 * runner is killed, and `lingered` describes the runner's threads.
 */
export async function runRunner(program, args, { report, limitMs, graceMs, env, showsOutput }) {
  const child = spawn(program, args, {
    env,
    stdio: ['ignore', 'ignore', showsOutput ? 'inherit' : 'pipe'],
  });
  const chunks = [];
  child.stderr?.on('data', (chunk) => chunks.push(chunk));
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: null, signal: null, error }));
    child.once('exit', (status, signal) => resolve({ status, signal }));
  });
  const looking = new AbortController();
  const late = overdue(report, { limitMs, graceMs, signal: looking.signal }).then(
    (why) => ({ why }),
    () => ended,
  );
  const first = await Promise.race([ended, late]);
  looking.abort();
  const lingered = first.why === 'lingers' ? threadsOf(child.pid) : null;
  if (first.why !== undefined) child.kill('SIGKILL');
  const end =
    first.why === 'over'
      ? {
          ...(await ended),
          error: Object.assign(new Error('it took too long'), { code: 'ETIMEDOUT' }),
        }
      : await ended;
  await closed(child.stderr);
  return { ...end, lingered, stderr: showsOutput ? null : Buffer.concat(chunks).toString() };
}

/** Resolves at the latest acceptable end of the runner: long after the report, or at the limit. */
async function overdue(report, { limitMs, graceMs, signal }) {
  let reportedAt = Infinity;
  for (let at = 0; at < limitMs; at += LOOK_MS) {
    await sleep(LOOK_MS, undefined, { signal });
    if (existsSync(report)) reportedAt = Math.min(reportedAt, at);
    if (at - reportedAt > graceMs) return 'lingers';
  }
  return 'over';
}

async function closed(stream) {
  if (!stream || stream.closed) return;
  await Promise.race([
    new Promise((resolve) => stream.once('close', resolve)),
    sleep(LAST_WORDS_MS),
  ]);
  stream.destroy();
}

/** Name and place in the kernel of each thread; empty where the system does not tell. */
function threadsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map((thread) =>
        ['comm', 'wchan', 'syscall']
          .map(
            (name) =>
              readFileSync(`/proc/${pid}/task/${thread}/${name}`, 'utf8').trim().split(' ', 1)[0],
          )
          .join(' '),
      )
      .join('; ');
  } catch {
    return '';
  }
}
