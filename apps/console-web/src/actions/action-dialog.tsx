import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { visibleText } from '../format/visible-text.js';
import { ActionForm } from './action-form.js';
import { closeAction, type DialogAction } from './open-action.js';

/** Dialog of an action: the evidence, the form, and then the service's answer. */
export function ActionDialog({ action }: { readonly action: DialogAction }): ReactNode {
  const { title, children, ...form } = action;
  const [isHeld, setHeld] = useState(false);
  useCloseOnNavigation(isHeld);
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) closeAction();
      }}
      isKeyboardDismissDisabled={isHeld}
    >
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title" level={2}>
            {visibleText(title)}
          </Heading>
          {children}
          <ActionForm {...form} onHold={setHeld} onClose={closeAction} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** A held dialog stays: its answer or secret is shown only here. */
function useCloseOnNavigation(isHeld: boolean): void {
  const { pathname } = useLocation();
  const opened = useRef(pathname);
  useEffect(() => {
    if (opened.current === pathname) return;
    opened.current = pathname;
    if (!isHeld) closeAction();
  }, [pathname, isHeld]);
}
