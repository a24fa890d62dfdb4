import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort, TEST_LOGIN, TEST_OWNER, until, withClient } from '@sluice/test-servers';

export const HAS_PGBOUNCER = spawnSync('pgbouncer', ['--version']).status === 0;

type PoolMode = 'session' | 'transaction' | 'statement';

export class PgBouncer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Starts PgBouncer before the server of the URL, for the logins of the tests. */
  static async before(url: string, mode: PoolMode, more: readonly string[] = []) {
    const { hostname, port: serverPort, password } = new URL(url);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-pgbouncer-'));
    const port = await freePort();
    const users = join(folder, 'users.txt');
    const settings = join(folder, 'pgbouncer.ini');
    writeFileSync(
      users,
      [TEST_LOGIN, TEST_OWNER].map((login) => `"${login}" "${password}"\n`).join(''),
    );
    writeFileSync(
      settings,
      [
        '[databases]',
        `* = host=${hostname} port=${serverPort}`,
        '[pgbouncer]',
        `listen_addr = 127.0.0.1`,
        `listen_port = ${port}`,
        'unix_socket_dir =',
        'auth_type = trust',
        `auth_file = ${users}`,
        `pool_mode = ${mode}`,
        'default_pool_size = 20',
        ...more,
        '',
      ].join('\n'),
    );
    for (const path of [folder, users, settings]) chmodSync(path, 0o755);
    const asUser = userInfo().uid === 0 ? ['-u', 'nobody'] : []; // PgBouncer refuses to run as root
    const process = spawn('pgbouncer', ['-q', ...asUser, settings], { stdio: 'ignore' });
    const bouncer = new PgBouncer(process, folder, port);
    const through = new URL(bouncer.through(url));
    through.username = TEST_LOGIN;
    await until('PgBouncer', () => withClient(through.href, async () => undefined), 10_000);
    return bouncer;
  }

  /** Returns the URL of the same database and login through PgBouncer. */
  through(url: string): string {
    const through = new URL(url);
    through.port = String(this.port);
    return through.href;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGINT');
    setTimeout(() => this.process.kill('SIGKILL'), 2_000).unref();
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
