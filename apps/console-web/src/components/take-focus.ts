/** Ref of the first control of a step: the control that the person pressed is gone with its step. */
export function takeFocus(control: HTMLElement | null): void {
  control?.focus();
}
