import { CalendarDays, X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button';

interface CalendarBoxProps {
  boxRef: RefObject<HTMLDivElement | null>;
  isDisabled?: boolean;
  onOpen(): void;
  /** Fetches what opens. */
  onNear(): void;
  onClear?(): void;
  children: ReactNode;
}

/** The frame of a field with a calendar: what is typed, a cross, the button. */
export function CalendarBox(props: CalendarBoxProps) {
  const { t } = useTranslation();
  const { boxRef, isDisabled, onOpen, onNear, onClear, children } = props;
  return (
    <div ref={boxRef} className="control gap-1">
      {children}
      {onClear && (
        <IconButton label={t('date.clear')} onPress={onClear} className="!size-6">
          <X size={13} aria-hidden="true" />
        </IconButton>
      )}
      <IconButton
        label={t('date.open')}
        isDisabled={isDisabled}
        aria-haspopup="dialog"
        onPress={onOpen}
        onHoverStart={onNear}
        onFocus={onNear}
        className="-mr-1.5 !size-6"
      >
        <CalendarDays size={14} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
