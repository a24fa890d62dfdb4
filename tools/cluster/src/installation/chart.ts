import { CHART } from '../chart/helm.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubectl } from '../programs/kubectl.js';
import { runProgram } from '../programs/run-program.js';
import type { ChartServices } from './secrets.js';

const LONGEST = '15m';

/** Installs, upgrades, tests and uninstalls the Helm chart like an operator. */
export class Chart {
  constructor(
    private readonly helm: string,
    private readonly kubectl: Kubectl,
    private readonly release: string,
    private readonly values: string,
  ) {}

  /** Installs or upgrades the release; resolves after every pod is ready. */
  async install(more: readonly string[] = []): Promise<void> {
    const wait = ['--wait', '--timeout', LONGEST];
    await this.run(
      'upgrade',
      '--install',
      this.release,
      CHART,
      '--values',
      this.values,
      ...wait,
      ...more,
    );
  }

  /** Returns the output of `helm test`. */
  test(): Promise<string> {
    return this.run('test', this.release, '--logs', '--timeout', LONGEST);
  }

  async uninstall(): Promise<void> {
    await this.run('uninstall', this.release, '--wait', '--timeout', LONGEST);
  }

  private run(...args: readonly string[]): Promise<string> {
    const { namespace, env } = this.kubectl;
    return runProgram(this.helm, ['--namespace', namespace, ...args], { env });
  }
}

/** Reads the chart's list of services. */
export function chartServices(): ChartServices {
  return JSON.parse(readFileSync(join(CHART, 'files/services.json'), 'utf8')) as ChartServices;
}
