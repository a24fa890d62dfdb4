import { CHART } from '../chart/helm.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubectl } from '../programs/kubectl.js';
import { runProgram } from '../programs/run-program.js';
import type { ChartServices } from './secrets.js';

const LONGEST = '15m';
const WAIT = ['--wait', '--timeout', LONGEST];

/** Installs, upgrades, tests and uninstalls the Helm chart like an operator. */
export class Chart {
  constructor(
    private readonly helm: string,
    private readonly kubectl: Kubectl,
    private readonly release: string,
  ) {}

  /** Installs the chart, or upgrades the installation to other values; resolves after every pod is ready. */
  async install(valuesFile: string): Promise<void> {
    await this.run('upgrade', '--install', this.release, CHART, '--values', valuesFile, ...WAIT);
  }

  /** Returns to the first revision; resolves after every pod is ready. */
  async rollBack(): Promise<void> {
    await this.run('rollback', this.release, '1', ...WAIT);
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
