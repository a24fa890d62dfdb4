import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

export interface RunningService {
  /** Status and body of a door; status 0 while nothing answers. */
  ask(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  output(): string;
  stop(): Promise<void>;
}

/** A built service in a process of its own, on a free port. */
export async function givenService(main: string, env: Readonly<Record<string, string>>): Promise<RunningService> {
  const port = await freePort();
  const child = spawn(process.execPath, [main], { env: { ...env, PORT: String(port), INTERNAL_TOKEN: 'the-token', LOG_LEVEL: 'info' } });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    ask: async (path) => {
      try {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
        return { status: answer.status, body: await answer.json() };
      } catch {
        return { status: 0, body: output };
      }
    },
    output: () => output,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
