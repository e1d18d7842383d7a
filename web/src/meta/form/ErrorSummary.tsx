import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '@/api/client';
import { useProblemText } from '../ProblemNotice';

export interface SummaryItem {
  key: string;
  name: string;
  message: string;
}

interface SummaryProps {
  items: SummaryItem[];
  problem: Problem | null;
  /** Grows with every try to save; the summary takes focus after a failed one. */
  attempt: number;
  isBusy: boolean;
  onPick(key: string): void;
}

/** Everything that keeps a form from being saved; a press leads to the field. */
export function ErrorSummary({ items, problem, attempt, isBusy, onPick }: SummaryProps) {
  const { t } = useTranslation();
  const text = useProblemText();
  const box = useRef<HTMLDivElement>(null);
  const shown = items.length > 0 || problem !== null;
  const focused = useRef(0);
  useEffect(() => {
    if (!shown || isBusy || focused.current === attempt) return;
    focused.current = attempt;
    box.current?.focus();
  }, [shown, isBusy, attempt]);
  if (!shown) return null;
  return (
    <div ref={box} role="alert" tabIndex={-1} className="rounded-md bg-danger-wash px-3 py-2.5 text-danger">
      <p className="font-medium">
        {items.length > 0 ? t('form.errors', { count: items.length }) : text(problem)}
      </p>
      {items.length > 0 && (
        <ul className="mt-1 flex flex-col gap-0.5">
          {items.map(({ key, name, message }) => (
            <li key={key}>
              <button
                type="button"
                onClick={() => onPick(key)}
                className="text-left underline underline-offset-3"
              >
                {t('form.error_at', { name, message })}
              </button>
            </li>
          ))}
        </ul>
      )}
      {problem?.body.request_id && (
        <p className="mt-1 text-meta select-all">{t('error.request_id', { id: problem.body.request_id })}</p>
      )}
    </div>
  );
}
