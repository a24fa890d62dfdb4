import type { Examined, Unknown } from './findings.js';
import { type Style, cell } from '../render/text.js';

/** Lists the faults in sentences, and a line for each place without faults. */
export function doctorReport(all: readonly Examined[], style: Style): string {
  const findings = all.reduce((sum, one) => sum + one.findings.length, 0);
  const unchecked = all.reduce((sum, one) => sum + one.unchecked.length, 0);
  return [
    ...all.flatMap((one) => linesOf(one, style)),
    '',
    verdict(findings, unchecked, style),
  ].join('\n');
}

function linesOf({ about, checked, findings, unchecked, untold }: Examined, style: Style) {
  const looks = checked.length === 0 ? [] : [style.dim(`(${checked.join(', ')})`)];
  const isRight = findings.length === 0 && unchecked.length === 0;
  return [
    ...(isRight ? [[style.good('ok'), style.bold(about), ...looks].join('  ')] : []),
    ...findings.flatMap(({ code, wrong, follows, remedy }) => [
      `${style.bad('wrong')}  ${style.bold(about)}  ${cell(wrong)}  ${style.dim(`[${code}]`)}`,
      `       ${cell(follows)}`,
      `       ${cell(remedy)}`,
    ]),
    ...unchecked.map((one) => unknown(style.doubtful('not checked'), about, one)),
    ...untold.map((one) => unknown(style.dim('cannot be known'), about, one)),
  ];
}

function unknown(word: string, about: string, { what, because }: Unknown): string {
  return `${word}  ${about}, ${what}: ${cell(because)}`;
}

function verdict(findings: number, unchecked: number, style: Style): string {
  if (findings + unchecked === 0) return style.good('nothing is wrong');
  const wrong = findings === 1 ? 'one thing is wrong' : `${findings} things are wrong`;
  const missed =
    unchecked === 1 ? 'one check was not possible' : `${unchecked} checks were not possible`;
  if (unchecked === 0) return style.bad(wrong);
  return findings === 0
    ? style.doubtful(`nothing wrong was found, but ${missed}`)
    : style.bad(`${wrong}, and ${missed}`);
}
