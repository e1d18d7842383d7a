import { X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Dot } from './Dot';

interface TagProps {
  name: string;
  /** A dot before the name; the name alone tells what it is. */
  color?: string | null;
  onRemove?(): void;
}

/** A word with a border: a mark on a record, one of several chosen. */
export function Tag({ name, color, onRemove }: TagProps) {
  const { t } = useTranslation();
  return (
    <span className="inline-flex h-6 max-w-full items-center gap-1.5 rounded-sm border border-line bg-panel px-2 text-ink-2">
      {color && <Dot color={color} />}
      <span className="truncate" data-tip-cut="">
        {name}
      </span>
      {onRemove && (
        <Button
          slot={null}
          aria-label={t('action.remove_name', { name })}
          onPress={onRemove}
          className="-mr-2 grid size-6 shrink-0 place-items-center rounded-sm text-ink-3 hovered:text-ink"
        >
          <X size={12} aria-hidden="true" />
        </Button>
      )}
    </span>
  );
}
