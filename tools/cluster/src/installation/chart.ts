import { CHART } from '../chart/helm.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type Kubectl } from '../programs/kubectl.js';
import type { ChartServices } from './secrets.js';

const LONGEST = '15m';
const WAIT = ['--wait', '--timeout', LONGEST];

/** A version of the chart with its values file. */
export interface ChartVersion {
  readonly folder: string;
  readonly values: string;
}

/** Installs, upgrades, tests and uninstalls the Helm chart like an operator. */
export class Chart {
  constructor(
    private readonly helm: string,
    private readonly kubectl: Kubectl,
    private readonly release: string,
  ) {}

  /** Installs the chart, or upgrades the release to the chart; resolves after every pod is ready. */
  async install({ folder, values }: ChartVersion): Promise<void> {
    await this.run('upgrade', '--install', this.release, folder, '--values', values, ...WAIT);
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
