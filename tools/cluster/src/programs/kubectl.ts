import { spawn } from 'node:child_process';

interface ProgramOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  readonly cwd?: string;
}

/**
 * Runs a program and returns the standard output. Throws the error output if the exit code is not
 * 0.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { env, input, cwd }: ProgramOptions = {},
): Promise<string> {
  const child = spawn(program, args, { ...(env && { env }), ...(cwd !== undefined && { cwd }) });
  const out: string[] = [];
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => out.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => said.push(chunk));
  child.stdin.on('error', () => undefined).end(input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(out.join(''));
      else
        reject(
          new Error(
            `${program} ${args.join(' ')} ended with ${code ?? 'a signal'}: ${said.join('').trim() || out.join('').trim()}`,
          ),
        );
    });
  });
}

/** The relevant fields of a pod. */
interface Pod {
  readonly name: string;
  readonly ready: boolean;
  /** Number of container restarts. */
  readonly restarts: number;
}

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
    readonly spec: { readonly clusterIP?: string };
    readonly status: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
      readonly containerStatuses?: readonly { readonly restartCount: number }[];
    };
  }[];
}

/** Runs kubectl against the cluster of a kubeconfig, as administrator. */
export class Kubectl {
  constructor(
    readonly program: string,
    readonly kubeconfig: string,
    readonly namespace: string,
  ) {}

  get env(): Readonly<Record<string, string | undefined>> {
    return { ...process.env, KUBECONFIG: this.kubeconfig };
  }

  run(args: readonly string[], input?: string): Promise<string> {
    const own = ['--namespace', this.namespace, ...args];
    return runProgram(this.program, own, { env: this.env, ...(input !== undefined && { input }) });
  }

  /** Creates or updates the objects. */
  async apply(items: readonly object[]): Promise<void> {
    const list = { apiVersion: 'v1', kind: 'List', items };
    await this.run(['apply', '--server-side', '-f', '-'], JSON.stringify(list));
  }

  /** Pods of a part of the release, without terminating pods. */
  async pods(part: string): Promise<readonly Pod[]> {
    const { items } = await this.list('pods', ['--selector', `app.kubernetes.io/name=${part}`]);
    return items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata, status }) => ({
        name: metadata.name,
        ready: (status.conditions ?? []).some(
          ({ type, status: is }) => type === 'Ready' && is === 'True',
        ),
        restarts: (status.containerStatuses ?? []).reduce((sum, one) => sum + one.restartCount, 0),
      }));
  }

  /** The address of each Service inside the cluster. */
  async serviceAddresses(): Promise<ReadonlyMap<string, string>> {
    const { items } = await this.list('services', []);
    return new Map(
      items.map(({ metadata, spec }): [string, string] => [metadata.name, spec.clusterIP ?? '']),
    );
  }

  private async list(kind: string, more: readonly string[]): Promise<Listed> {
    return JSON.parse(await this.run(['get', kind, '--output', 'json', ...more])) as Listed;
  }
}
