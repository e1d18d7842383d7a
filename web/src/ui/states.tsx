// What stands where there is nothing to show (yet): waiting, empty, no rights, broken.
import { CircleAlert, Lock, SearchX } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from './cx';

/** True after 100 ms: what is quicker than that shows no waiting at all. */
export function useSlow(): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 100);
    return () => clearTimeout(timer);
  }, []);
  return slow;
}

export function Skeleton({ className }: { className?: string }) {
  return <span className={cx('skeleton block', className)} />;
}

/** Grey lines in the shape of what is coming. */
export function Waiting({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const slow = useSlow();
  return (
    <div role="status" aria-label={t('state.loading')} className={slow ? undefined : 'invisible'}>
      {children}
    </div>
  );
}

export function WaitingLines({ lines = 6 }: { lines?: number }) {
  const widths = ['w-2/3', 'w-1/2', 'w-3/5', 'w-2/5'];
  return (
    <Waiting>
      <div className="flex flex-col gap-4 p-4">
        {Array.from({ length: lines }, (_, i) => i).map((i) => (
          <Skeleton key={i} className={cx('h-3', widths[i % widths.length])} />
        ))}
      </div>
    </Waiting>
  );
}

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  text?: string;
  children?: ReactNode;
}

export function Empty({ icon, title, text, children }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center px-4 py-16 text-center">
      {icon && (
        <div className="mb-3 grid size-10 place-items-center rounded-md border border-line text-ink-3">
          {icon}
        </div>
      )}
      <p className="font-medium text-balance">{title}</p>
      {text && <p className="mt-1 text-balance text-ink-2">{text}</p>}
      {children && <div className="mt-4 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}

/** There is something, but not with these words or filters; children: the way to see all. */
export function NoResult({ text, children }: { text?: string; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<SearchX size={18} aria-hidden="true" />}
      title={t('state.no_result')}
      text={text ?? t('state.no_result_text')}
    >
      {children}
    </Empty>
  );
}

/** Not for this member; says who can change that. */
export function NoPermission({ text, children }: { text?: string; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<Lock size={18} aria-hidden="true" />}
      title={t('state.no_permission')}
      text={text ?? t('state.no_permission_text')}
    >
      {children}
    </Empty>
  );
}

/** An error in place: what happened, what to do, the number to tell the administrator. */
export function Notice({ text, id, children }: { text: string; id?: string; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="flex items-start gap-2 rounded-md bg-danger-wash px-3 py-2 text-danger">
      <CircleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1">
        <p>{text}</p>
        {id && <p className="text-meta select-all">{t('error.request_id', { id })}</p>}
        {children}
      </div>
    </div>
  );
}
