import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** One run of `tiny-service`, as it was built. */
export async function givenProcess(env: { KAFKA_BROKERS: string; DATABASE_URL: string }) {
  const [port, internalPort] = [await freePort(), await freePort()];
  const main = fileURLToPath(new URL('../../dist/testkit/tiny-service.js', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { ...env, PORT: `${port}`, INTERNAL_PORT: `${internalPort}`, INTERNAL_TOKEN: 'the-token', LOG_LEVEL: 'debug' },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    port,
    internalPort,
    ended,
    output: () => output,
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    get: (path: string, options: { internally?: boolean; token?: string; method?: string } = {}) =>
      fetch(`http://127.0.0.1:${options.internally ? internalPort : port}${path}`, {
        method: options.method ?? 'GET',
        headers: { connection: 'close', ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }) },
      }),
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
