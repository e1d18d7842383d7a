// Chooses from a tree: level by level in columns, or by typing a word, pinyin or
// initials, which finds the way to every fitting place (省市区, 行业).
import { ChevronsUpDown, X } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button';
import { later } from './later';
import { FieldFrame, type FieldProps } from './parts';

const load = later(() => import('./CascaderSheet'));
const CascaderSheet = lazy(load);

export interface CascadeNode {
  id: string;
  name: string;
  children?: CascadeNode[];
  isDisabled?: boolean;
}

export interface CascaderProps extends FieldProps {
  items: CascadeNode[];
  value: string | null;
  onChange(value: string | null): void;
  onBlur?(): void;
  /** What is chosen, in words. */
  text: string;
  /** Only what has nothing below it may be chosen. */
  leavesOnly?: boolean;
  /** How labels are typed in pinyin, by label; asked for while it is open. */
  spellings?: ReadonlyMap<string, string>;
  /** Told when it opens: the time to fetch what it needs. */
  onOpen?(): void;
  isLoading?: boolean;
}

export function Cascader(props: CascaderProps) {
  const { value, onChange, onBlur, text, onOpen, isLoading, items, spellings, leavesOnly, ...field } = props;
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const open = () => {
    onOpen?.();
    setOpen(true);
  };
  return (
    <FieldFrame {...field}>
      {(control) => (
        <div ref={box} className="control gap-1 !pr-0">
          <button
            id={control.id}
            aria-describedby={control['aria-describedby']}
            disabled={control.disabled}
            type="button"
            aria-haspopup="dialog"
            aria-expanded={isOpen}
            // biome-ignore lint/a11y/noAutofocus: only where a form or an inline edit was asked for
            autoFocus={field.autoFocus}
            onPointerEnter={load}
            onFocus={load}
            onClick={open}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown') return;
              event.preventDefault();
              open();
            }}
            onBlur={onBlur}
            className="flex min-w-0 flex-1 items-center self-stretch text-left outline-none"
          >
            <span className={text ? 'truncate' : 'truncate text-ink-3'} data-tip-cut="">
              {text || t('form.choose')}
            </span>
          </button>
          {value && !field.isRequired && !field.isDisabled && (
            <IconButton label={t('action.clear')} onPress={() => onChange(null)} className="!size-6">
              <X size={13} aria-hidden="true" />
            </IconButton>
          )}
          <ChevronsUpDown size={13} aria-hidden="true" className="mr-2.5 shrink-0 text-ink-3" />
          {isOpen && (
            <Suspense>
              <CascaderSheet
                anchor={box}
                label={field.label}
                onClose={() => setOpen(false)}
                {...{ items, value, onChange, spellings, leavesOnly, isLoading }}
              />
            </Suspense>
          )}
        </div>
      )}
    </FieldFrame>
  );
}
