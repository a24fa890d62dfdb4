import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';

/** Example program in a separate process, killed and restarted by a test. */
export class KilledProgram {
  private child: ChildProcess | null = null;
  private ended: Promise<unknown> = Promise.resolve();
  private written = '';

  constructor(
    private readonly file: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  start(): void {
    const main = join(workspaceRoot(), 'examples', this.file);
    const env = { PATH: process.env['PATH'] ?? '', ...this.environment };
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.written += chunk.toString()));
    this.child = child;
    this.ended = new Promise((resolve) => child.once('close', resolve));
  }

  /** Runs `kill -9`; resolves when the process has ended. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.ended;
    this.child = null;
  }

  async restart(): Promise<void> {
    await this.kill();
    this.start();
  }

  /** Output of all runs. */
  get output(): string {
    return this.written;
  }
}
