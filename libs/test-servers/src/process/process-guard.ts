import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/**
 * Guard script. Runs in a separate session and reads cleanup instructions from standard input. The
 * kernel closes the pipe at any end of the supervisor. The cleanup therefore also runs after `kill
 * -9` of the supervisor.
 */
const SCRIPT = `
trap '' INT TERM HUP
pids='' files='' folders=''
newline='
'
each() { printf '%s' "$1" | while IFS= read -r path; do rm -rf -- "$path"; done; }
without() { for pid in $pids; do [ "$pid" = "$1" ] || printf '%s ' "$pid"; done; }
while read -r verb what; do
  case $verb in
    watch) pids="$pids $what" ;;
    forget) pids=$(without "$what") ;;
    unlink) files="$files$what$newline" ;;
    remove) folders="$folders$what$newline" ;;
  esac
done
each "$files"
for pid in $pids; do kill -INT "-$pid" 2>/dev/null; done
for second in 1 2 3 4 5; do
  alive=''; for pid in $pids; do kill -0 "-$pid" 2>/dev/null && alive=yes; done
  [ -z "$alive" ] && break
  sleep 1
done
for pid in $pids; do kill -KILL "-$pid" 2>/dev/null; done
each "$folders"
`;

export interface ProcessGuard {
  /** Ends this process group when the supervisor is gone. */
  watch(pid: number): void;
  forget(pid: number): void;
  /** Deletes this file immediately after the end of the supervisor, before any process is ended. */
  unlinkAtEnd(file: string): void;
  /** Deletes this folder after the end of the supervisor and of all watched processes. */
  removeAtEnd(folder: string): void;
}

/** Starts a guard. Each supervisor needs a single guard; the cost is a sleeping `sh`. */
export function startGuard(): ProcessGuard {
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.stdin.on('error', () => undefined); // writing to a killed guard is no error
  child.unref();
  unrefStream(child.stdin);
  const send = (line: string): void => void child.stdin.write(`${line}\n`);
  return {
    watch: (pid) => send(`watch ${pid}`),
    forget: (pid) => send(`forget ${pid}`),
    unlinkAtEnd: (file) => send(`unlink ${file}`),
    removeAtEnd: (folder) => send(`remove ${folder}`),
  };
}

/** A child's pipe is a socket underneath: unref lets the supervisor end while the guard still listens. */
function unrefStream(stream: Writable): void {
  if (stream instanceof Socket) stream.unref();
}
